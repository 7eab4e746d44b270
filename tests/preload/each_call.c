/* SPDX-License-Identifier: MIT */
/*
 * each_call: every function that hands out memory, so many times; prints nothing. Other allocators'
 * functions call each other by name, and must be counted once. See test_other_allocators.py.
 */
#include <malloc.h>
#include <stdlib.h>

#define TIMES 200
#define SIZE  128

static void *by_posix_memalign(void)
{
	void *block = NULL;

	return posix_memalign(&block, 64, SIZE) == 0 ? block : NULL;
}

int main(void)
{
	for (int i = 0; i < TIMES; i++) {
		void *volatile blocks[] = {
			malloc(SIZE),        calloc(2, SIZE / 2),
			realloc(NULL, SIZE), reallocarray(NULL, 4, SIZE / 4),
			memalign(64, SIZE),  aligned_alloc(64, SIZE),
			valloc(SIZE),        by_posix_memalign(),
		};

		for (size_t at = 0; at < sizeof(blocks) / sizeof(*blocks); at++)
			free(realloc(blocks[at], 2 * SIZE));
	}
	return 0;
}
