/* SPDX-License-Identifier: MIT */
/*
 * Every function of the standard family, in turns, from two threads, through whatever allocator
 * there is: the blocks are where and as large as they should be, and each call counts once.
 */
#include <malloc.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "torture.h"

#define ROUNDS  500
#define THREADS 2

void *by_malloc(size_t size);
void *by_calloc(size_t size);
void *by_realloc(void *block, size_t size);
void *by_reallocarray(void *block, size_t size);
void *by_memalign(size_t size);
void *by_aligned_alloc(size_t size);
void *by_posix_memalign(size_t size);
void *by_valloc(size_t size);

void *by_malloc(size_t size)
{
	void *volatile block = malloc(size);

	return block;
}

void *by_calloc(size_t size)
{
	char *volatile block = calloc(3, size / 3);

	for (size_t i = 0; i < size / 3 * 3; i++)
		MUST(block[i] == 0);
	return block;
}

void *by_realloc(void *block, size_t size)
{
	void *volatile moved = realloc(block, size);

	return moved;
}

void *by_reallocarray(void *block, size_t size)
{
	void *volatile moved = reallocarray(block, 2, size / 2);

	return moved;
}

void *by_memalign(size_t size)
{
	void *volatile block = memalign(256, size);

	MUST((uintptr_t)block % 256 == 0);
	return block;
}

void *by_aligned_alloc(size_t size)
{
	void *volatile block = aligned_alloc(64, size);

	MUST((uintptr_t)block % 64 == 0);
	return block;
}

void *by_posix_memalign(size_t size)
{
	void *block = NULL;

	MUST(posix_memalign(&block, 1024, size) == 0 && (uintptr_t)block % 1024 == 0);
	return block;
}

void *by_valloc(size_t size)
{
	void *volatile block = valloc(size);

	MUST((uintptr_t)block % 4096 == 0);
	return block;
}

/* 600 bytes each at first, 1200 then, 900 at last. */
static void *work(void *unused)
{
	for (int i = 0; i < ROUNDS; i++) {
		void *blocks[] = {by_malloc(600),         by_calloc(600),
				  by_memalign(600),       by_aligned_alloc(600),
				  by_posix_memalign(600), by_valloc(600),
				  by_realloc(NULL, 600),  by_reallocarray(NULL, 600)};

		for (size_t at = 0; at < sizeof(blocks) / sizeof(*blocks); at++) {
			MUST(blocks[at] && malloc_usable_size(blocks[at]) >= 600);
			memset(blocks[at], (int)at, 600);
			blocks[at] = by_realloc(blocks[at], 1200);
			MUST(blocks[at] && ((char *)blocks[at])[599] == (int)at);
			blocks[at] = by_reallocarray(blocks[at], 900);
			MUST(blocks[at] && ((char *)blocks[at])[0] == (int)at);
			if (i < ROUNDS - 10)
				free(blocks[at]);
		}
		drop(hold(100), 100);
		churn(1, 5000);
	}
	keep(10, 70000);
	churn(2, (size_t)3 << 20);
	return unused;
}

int main(void)
{
	pthread_t threads[THREADS];

	for (int i = 0; i < THREADS; i++)
		MUST(pthread_create(&threads[i], NULL, work, NULL) == 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	free(NULL);
	say("each way\n");
	return 0;
}
