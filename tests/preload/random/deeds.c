/* SPDX-License-Identifier: MIT */
/* The heap calls, each in a line of its own; and where they stand: deep in one stack or another. */
#include <errno.h>
#include <malloc.h>
#include <wchar.h>

#include "random.h"

#define PLACE (__LINE__ * DEPTHS + w->depth)
#define HUGE  (SIZE_MAX / 2 + 1)
#define TEXT  96

/* From nothing to some MiB, and often just below and above where an allocator or the recording
 * takes another path. */
static size_t choose_size(struct worker *w)
{
	static const size_t edges[] = {16, 64, 1032, 4096, 16384, 32768, 65536, 131072};
	uint64_t how = choose(w, 100);

	if (how < 3)
		return 0;
	if (how < 50)
		return choose(w, 129);
	if (how < 80)
		return choose(w, 3000);
	if (how < 92)
		return edges[choose(w, 8)] + choose(w, 40) - (how % 2 ? 8 : 16);
	if (how < 99)
		return choose(w, 200000);
	return choose(w, 3u << 20);
}

static void note_new(struct worker *w, struct block *block, void *at, size_t size, int place)
{
	if (!at)
		fail("an allocation failed");
	if ((uintptr_t)at % 16)
		fail("a block is not aligned");
	peak_before(w, (int64_t)size, false);
	*block = (struct block){at, size, choose(w, UINT64_MAX), place};
	contents_fill(block);
	books_new(&w->heap, place, size);
}

static void note_gone(struct worker *w, struct block *block)
{
	contents_check(block, block->size, true);
	peak_before(w, -(int64_t)block->size, true);
	books_gone(&w->heap, block->place, block->size);
}

static void drop(struct worker *w, struct block *block)
{
	char *at = block->at;

	if (!at)
		return;
	note_gone(w, block);
	block->at = NULL;
	switch (choose(w, 16)) {
	case 0:
		errno = 77;
		free(at);
		if (errno != 77)
			fail("free() changed errno");
		break;
	default:
		free(at);
	}
}

#define NEW(call) note_new(w, block, call, size, PLACE)

static void make_aligned(struct worker *w, struct block *block, size_t size)
{
	size_t align = (size_t)16 << choose(w, 9);
	size_t asked = align;
	void *at = NULL;

	switch (choose(w, 6)) {
	case 0:
		NEW(memalign(align, size));
		break;
	case 1:
		NEW(aligned_alloc(align, size));
		break;
	case 2:
		NEW(posix_memalign(&at, align, size) == 0 ? at : NULL);
		break;
	case 3:
		asked = 4096;
		NEW(valloc(size));
		break;
	case 4:
		asked = 4096;
		NEW(pvalloc(size));
		break;
	default:
		asked = 64;
		NEW(memalign(33, size)); /* as libc does: the next power of two */
	}
	if ((uintptr_t)block->at % asked)
		fail("a block is not aligned as it was asked for");
}

/* libc's own calls, of a size that is known. */
static void make_text(struct worker *w, struct block *block)
{
	size_t length = choose(w, TEXT - 1), size = length + 1;
	wchar_t wide[TEXT];
	char text[TEXT];

	memset(text, 'x', length);
	text[length] = '\0';
	switch (choose(w, 3)) {
	case 0:
		NEW(strdup(text));
		break;
	case 1:
		size = length / 2 + 1;
		NEW(strndup(text, length / 2));
		break;
	default:
		wmemset(wide, L'x', length);
		wide[length] = L'\0';
		size = (length + 1) * sizeof(wchar_t);
		NEW(wcsdup(wide));
	}
}

static void make(struct worker *w, struct block *block)
{
	size_t size = choose_size(w), count = choose(w, 9) + 1;

	drop(w, block);
	switch (choose(w, 12)) {
	case 0:
		size = size / count * count;
		NEW(calloc(count, size / count));
		contents_check(block, size, true);
		break;
	case 1: {
		char *at = calloc(1, size); /* calloc, and looked at */
		int place = PLACE - DEPTHS;

		contents_check_zero(at, size);
		note_new(w, block, at, size, place);
		break;
	}
	case 2:
		NEW(realloc(NULL, size));
		break;
	case 3:
		size = size / count * count;
		NEW(reallocarray(NULL, count, size / count));
		break;
	case 4:
	case 5:
		make_aligned(w, block, size);
		break;
	case 6:
		if (plan.inside) {
			make_text(w, block);
			break;
		} /* fall through */
	case 7:
		NEW(malloc(size));
		break;
	default:
		NEW(malloc(size)); /* a line more */
	}
}

/* Not note_gone() and note_new(): in between there is no moment. */
static void note_resized(struct worker *w, struct block *block, char *at, size_t size, int place)
{
	struct block old = *block;

	if (!at && size)
		fail("a reallocation failed");
	peak_before(w, (int64_t)size - (int64_t)old.size, size < old.size || !at);
	books_gone(&w->heap, old.place, old.size);
	block->at = at;
	if (!at)
		return; /* realloc(block, 0) */
	books_new(&w->heap, place, size);
	w->heap.reallocations++;
	block->size = size;
	block->place = place;
	contents_check(block, size < old.size ? size : old.size, false);
	contents_fill(block);
}

#define RESIZED(call) note_resized(w, block, call, size, PLACE)

static void resize(struct worker *w, struct block *block)
{
	size_t size = choose_size(w);

	if (!block->at) {
		make(w, block);
		return;
	}
	contents_check(block, block->size, true);
	switch (choose(w, 8)) {
	case 0:
		size = 0;
		RESIZED(realloc(block->at, 0));
		break;
	case 1:
		size = size / 2 * 2;
		RESIZED(reallocarray(block->at, size / 2, 2));
		break;
	case 2:
		size = block->size + choose(w, 40);
		RESIZED(realloc(block->at, size)); /* a little more */
		break;
	case 3:
		size = block->size / 2;
		RESIZED(realloc(block->at, size)); /* half */
		break;
	default:
		RESIZED(realloc(block->at, size)); /* anything */
	}
}

/* Without volatile, the compiler knows of what can only fail. */
static volatile size_t huge = HUGE;

/* Calls that fail leave everything as it is. */
static void fail_on_purpose(struct worker *w, struct block *block)
{
	void *const untouched = w;
	void *place = untouched, *got = NULL;
	int wanted = ENOMEM;

	errno = 0;
	switch (choose(w, 10)) {
	case 0:
		got = malloc(huge);
		break;
	case 1:
		got = calloc(huge, 2 + choose(w, 5));
		break;
	case 2:
		got = realloc(block->at, huge);
		break;
	case 3:
		got = reallocarray(block->at, huge, 2 + choose(w, 5));
		break;
	case 4:
		got = reallocarray(block->at, huge, 1);
		break;
	case 5:
		got = memalign(64, huge);
		break;
	case 6:
		got = valloc(huge);
		break;
	case 7:
		got = pvalloc(huge);
		break;
	case 8:
		errno = posix_memalign(&place, 64, huge);
		break;
	default:
		wanted = EINVAL;
		errno = posix_memalign(&place, choose(w, 2) ? 24 : 0, 10);
	}
	if (got || errno != wanted || place != untouched)
		fail("a call that cannot succeed did, or does not say why not");
	if (block->at)
		contents_check(block, block->size, true);
}

/* Of sizes that only libc knows: these calls are in rows of their own, and leave nothing. */
static void pass_through_libc(struct worker *w)
{
	char *text;

	if (!plan.inside || w->alone)
		return;
	if (asprintf(&text, "%0*d", (int)choose(w, 400) + 1, 7) < 1) /* libc's own */
		fail("asprintf() failed");
	free(text);
}

static void act(struct worker *w)
{
	struct block *block = &w->slots[choose(w, SLOTS)];

	switch (choose(w, 16)) {
	case 0:
		map_deed(w);
		break;
	case 1:
		fail_on_purpose(w, block);
		break;
	case 2:
		free(NULL);
		pass_through_libc(w);
		break;
	case 3:
	case 4:
		shelf_swap(w, block);
		break;
	case 5:
	case 6:
		drop(w, block);
		break;
	case 7:
	case 8:
	case 9:
	case 10:
		resize(w, block);
		break;
	default:
		make(w, block);
	}
}

/* Two ways down, in an order that is one of four, so that stacks part in many places. */
static void descend_left(struct worker *w, int depth, unsigned way);

static void descend_right(struct worker *w, int depth, unsigned way)
{
	char room[48];

	memset(room, depth, sizeof(room));
	if (depth == 0)
		act(w);
	else if (way >> depth % 2 & 1)
		descend_left(w, depth - 1, way);
	else
		descend_right(w, depth - 1, way);
	w->sum += (uint64_t)room[way];
}

static void descend_left(struct worker *w, int depth, unsigned way)
{
	if (depth == 0)
		act(w);
	else if (way >> depth % 2 & 1)
		descend_right(w, depth - 1, way);
	else
		descend_left(w, depth - 1, way);
	w->sum++;
}

void deed(struct worker *w)
{
	w->depth = (int)choose(w, choose(w, 4) ? 3 : DEPTHS);
	descend_left(w, w->depth, (unsigned)choose(w, 4));
}
