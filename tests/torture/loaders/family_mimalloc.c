/* SPDX-License-Identifier: MIT */
/* mimalloc's own functions, mixed with the standard ones. */
#include <mimalloc.h>

#include "families.h"

MAKES(by_malloc, mi_malloc(100), mi_free(block))
MAKES(by_zalloc, mi_zalloc(200), free(block))
MAKES(by_calloc, mi_calloc(3, 100), mi_free_size(block, 300))
MAKES(by_aligned, mi_malloc_aligned(400, 128), mi_free_aligned(block, 128))
MAKES(by_small, mi_malloc_small(500), mi_free(block))
MAKES(by_libc, malloc(600), mi_free(block))
MAKES(by_new, mi_new(700), mi_free(block))

static __attribute__((noinline)) void grows(void)
{
	char *volatile block = mi_realloc(NULL, 100);

	for (size_t size = 200; size <= 1000; size += 100) {
		block = size % 200 ? mi_realloc(block, size) : mi_rezalloc(block, size);
		MUST(block);
		block[size - 1] = 1;
	}
	mi_free(block);
}

static __attribute__((noinline)) void in_heap(void)
{
	mi_heap_t *heap = mi_heap_new();

	for (int i = 0; i < TIMES; i++) {
		char *volatile block = mi_heap_malloc(heap, 900);

		block[0] = 1;
		mi_free(block);
	}
	mi_heap_delete(heap);
}

int main(void)
{
	by_malloc();
	by_zalloc();
	by_calloc();
	by_aligned();
	by_small();
	by_libc();
	by_new();
	grows();
	in_heap();
	keep(5, 55);
	churn(6, 66);
	say("mimalloc\n");
	return 0;
}
