/* SPDX-License-Identifier: MIT */
/*
 * The shadow table of the live map; see live.h.
 *
 * 47 bits of address: the top 15 select a middle table, the next 12 a leaf, the next 16 a cell;
 * the last 4 are zero. A block's entry is two words of 32 bits. Where blocks are 32 bytes apart,
 * they are in two neighbouring cells of one word each, and a leaf, which covers 1 MiB of heap,
 * takes 256 KiB if it is wholly used; elsewhere a cell has both. Large blocks are in the side
 * table: they are few, and each would touch a page of its own.
 */
#include "live.h"

#include <stddef.h>

#include "atomic.h"
#include "live_words.h"
#include "lock.h"
#include "mem.h"

#define LEAF_SPAN   ((uint64_t)LIVE_LEAF_CELLS << LIVE_GRAIN_BITS)
#define ADDRESS_END (1ull << LIVE_ADDRESS_BITS)

struct live_middle *_Atomic live_tops[LIVE_MAP_COUNT][1u << LIVE_TOP_BITS];
struct live_layout live_layout = {.cell_bits = {1, 1}};
struct live_side live_sides[LIVE_MAP_COUNT];

static struct lock lock; /* for the side tables and to make leaves; a leaf but for the memory's */

void live_blocks_are_apart(void)
{
	live_layout.cell_bits[LIVE_HEAP] = 0;
}

void live_blocks_are_few(void)
{
	live_layout.no_cells = true;
	live_sides[LIVE_HEAP].watched = true;
}

static NOINLINE live_word *make_words(enum live_map map, uint64_t address)
{
	struct live_middle *middle;

	if (!lock_take(&lock))
		return NULL;
	middle = load_relaxed(live_middle_place(map, address));
	if (!middle) {
		middle = mem_take(sizeof(*middle));
		store_release(live_middle_place(map, address), middle); /* with live_words() */
	}
	if (middle && !load_relaxed(live_leaf_place(middle, address))) {
		/* One more, for the second word of the last block. */
		size_t words = ((size_t)LIVE_LEAF_CELLS << live_layout.cell_bits[map]) + 1;

		store_release(live_leaf_place(middle, address),
			      mem_take(words * sizeof(live_word)));
	}
	lock_drop(&lock);
	return live_words(map, address);
}

static HOT struct live_block read_words(const live_word *words)
{
	uint32_t first = load_relaxed(&words[0]);

	if (!live_is_block(first))
		return (struct live_block){.site = 0};
	return (struct live_block){
		.site = first & LIVE_SITE_MASK,
		.is_arena = first & LIVE_WORD_ARENA,
		.size = load_relaxed(&words[1]) & ~LIVE_WORD_SIZE,
	};
}

static NOINLINE struct live_block side_take(enum live_map map, uint64_t address)
{
	struct live_block entry = {.site = 0};

	if (!lock_take(&lock))
		return entry;
	entry = live_side_find(&live_sides[map], address, true);
	lock_drop(&lock);
	return entry;
}

static NOINLINE bool side_put(enum live_map map, uint64_t address, struct live_block entry)
{
	bool done;

	if (!lock_take(&lock))
		return false;
	done = live_side_put(&live_sides[map], address, entry);
	lock_drop(&lock);
	return done;
}

struct live_block live_take(enum live_map map, const void *block)
{
	uint64_t address = (uint64_t)block;
	live_word *words = likely(live_has_cell(address)) ? live_words(map, address) : NULL;
	struct live_block entry = {.site = 0};

	if (likely(words))
		entry = read_words(words);
	if (likely(entry.site))
		store_relaxed(&words[0], 0);
	else if (unlikely(live_side_may_have(&live_sides[map], address)))
		entry = side_take(map, address);
	return entry;
}

bool live_put(enum live_map map, const void *block, struct live_block entry, struct live_block *old)
{
	uint64_t address = (uint64_t)block;
	live_word *words;

	*old = live_take(map, block);
	if (unlikely(entry.size >= LIVE_LARGE || !live_has_cell(address)))
		return side_put(map, address, entry);
	words = live_words(map, address);
	if (unlikely(!words))
		words = make_words(map, address);
	if (unlikely(!words))
		return false;
	live_write(words, entry.site | (entry.is_arena ? LIVE_WORD_ARENA : 0), entry.size);
	return true;
}

/* Cells would be shared. */
bool live_put_close(const void *block, struct live_block entry, struct live_block *old)
{
	if (live_layout.cell_bits[LIVE_HEAP] > 0)
		return live_put(LIVE_HEAP, block, entry, old);
	*old = live_take(LIVE_HEAP, block);
	return side_put(LIVE_HEAP, (uint64_t)block, entry);
}

bool live_is_known(enum live_map map, const void *block)
{
	uint64_t address = (uint64_t)block;
	const live_word *words = live_has_cell(address) ? live_words(map, address) : NULL;
	bool known = words && live_is_block(load_relaxed(&words[0]));

	if (known || !live_side_may_have(&live_sides[map], address) || !lock_take(&lock))
		return known;
	known = live_side_find(&live_sides[map], address, false).site != 0;
	lock_drop(&lock);
	return known;
}

static uint64_t large_spanning(enum live_map map, uint64_t target, struct live_block *entry)
{
	uint64_t start;

	if (!lock_take(&lock))
		return 0;
	start = live_side_spanning(&live_sides[map], target, entry);
	lock_drop(&lock);
	return start;
}

uint64_t live_spanning(enum live_map map, const void *address, struct live_block *entry)
{
	uint64_t target = (uint64_t)address, at = target & ~15ull;
	uint64_t limit = target > LIVE_LARGE ? target - LIVE_LARGE : 16;
	uint64_t large = large_spanning(map, target, entry);

	if (large)
		return large;
	while (at >= limit && at < ADDRESS_END) {
		const live_word *words = live_words(map, at);

		if (!words) { /* no leaf: go to the end of the one before */
			at = at / LEAF_SPAN * LEAF_SPAN - 16;
			continue;
		}
		*entry = read_words(words);
		if (entry->site)
			return target - at < entry->size ? at : 0;
		at -= 16;
	}
	return 0;
}

void live_take_range(enum live_map map, uint64_t start, uint64_t end,
		     void (*each)(struct live_block entry, void *context), void *context)
{
	for (uint64_t at = (start + 15) & ~15ull; at < end && at < ADDRESS_END; at += 16) {
		live_word *words = live_words(map, at);
		struct live_block entry;

		if (!words) {
			at = (at / LEAF_SPAN + 1) * LEAF_SPAN - 16;
			continue;
		}
		entry = read_words(words);
		if (!entry.site)
			continue;
		store_relaxed(&words[0], 0);
		each(entry, context);
	}
	if (!lock_take(&lock))
		return;
	live_side_take_range(&live_sides[map], start, end, each, context);
	lock_drop(&lock);
}

/* A leaf was made for a block in it; only one that reaches beyond the range must be looked into. */
static bool cells_any(enum live_map map, uint64_t start, uint64_t end)
{
	for (uint64_t at = (start + 15) & ~15ull; at < end && at < ADDRESS_END; at += 16) {
		const live_word *words = live_words(map, at);

		if (!words) {
			at = (at / LEAF_SPAN + 1) * LEAF_SPAN - 16;
			continue;
		}
		if (at % LEAF_SPAN == 0 && end - at >= LEAF_SPAN)
			return true;
		if (live_is_block(load_relaxed(&words[0])))
			return true;
	}
	return false;
}

bool live_any(enum live_map map, uint64_t start, uint64_t end)
{
	bool any = cells_any(map, start, end);

	if (any || !lock_take(&lock))
		return any;
	any = live_side_any(&live_sides[map], start, end);
	lock_drop(&lock);
	return any;
}

bool live_hold(void)
{
	return lock_take(&lock);
}

void live_release(void)
{
	lock_drop(&lock);
}

void live_child(void)
{
	lock_reset(&lock);
}
