/* SPDX-License-Identifier: MIT */
/*
 * A library to be preloaded that stands before an allocator: it puts a word before each block and
 * insists on it when the block is freed. So nobody may pass it by, neither with blocks of its own
 * nor with those of others.
 */
#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WORD   0x77726170706564ull
#define HEADER 32

static void *(*next_malloc)(size_t size);
static void (*next_free)(void *block);
static int finding;
static char pool[65536] __attribute__((aligned(HEADER)));
static size_t used;

static void find(void)
{
	if (next_free)
		return;
	finding = 1;
	next_malloc = (void *(*)(size_t))dlsym(RTLD_NEXT, "malloc");
	next_free = (void (*)(void *))dlsym(RTLD_NEXT, "free");
	finding = 0;
}

/* WORD, the size, and what is to be freed. */
static uint64_t *words_of(void *block)
{
	uint64_t *words = (void *)((char *)block - HEADER);

	if (words[0] != WORD) {
		(void)!write(STDERR_FILENO, "a block that is not ours\n", 25);
		_exit(97);
	}
	return words;
}

static void *take_whole(size_t size)
{
	size_t at = used;

	if (!finding)
		find();
	if (!finding)
		return next_malloc(size);
	used += (size + HEADER - 1) & ~(size_t)(HEADER - 1);
	return used <= sizeof(pool) ? pool + at : NULL;
}

static void *take(size_t align, size_t size)
{
	char *whole, *block;
	uint64_t words[3] = {WORD, size};

	whole = size < PTRDIFF_MAX - align - HEADER ? take_whole(size + align + HEADER) : NULL;
	if (!whole) {
		errno = ENOMEM;
		return NULL;
	}
	block = (char *)(((uintptr_t)whole + HEADER + align - 1) & ~(uintptr_t)(align - 1));
	words[2] = (uintptr_t)whole;
	memcpy(block - HEADER, words, sizeof(words));
	return block;
}

void *malloc(size_t size)
{
	return take(16, size);
}

void free(void *block)
{
	uint64_t *words;
	char *whole;

	if (!block)
		return;
	words = words_of(block);
	whole = (char *)(uintptr_t)words[2];
	words[0] = 0;
	if (whole < pool || whole >= pool + sizeof(pool)) {
		find();
		next_free(whole);
	}
}

/* By the names that whoever is first in line may answer to, as such libraries do. */
void *calloc(size_t count, size_t size)
{
	size_t bytes;
	void *block;

	if (__builtin_mul_overflow(count, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	block = malloc(bytes);
	return block ? memset(block, 0, bytes) : NULL;
}

void *realloc(void *old, size_t size)
{
	void *block = malloc(size);
	size_t had;

	if (old && block) {
		had = words_of(old)[1];
		memcpy(block, old, had < size ? had : size);
		free(old);
	}
	return block;
}

void *memalign(size_t align, size_t size)
{
	return take(align < 16 ? 16 : align, size);
}

void *aligned_alloc(size_t align, size_t size)
{
	return memalign(align, size);
}

int posix_memalign(void **place, size_t align, size_t size)
{
	*place = memalign(align, size);
	return *place ? 0 : ENOMEM;
}

void *valloc(size_t size)
{
	return memalign(4096, size);
}

size_t malloc_usable_size(void *block)
{
	return block ? words_of(block)[1] : 0;
}
