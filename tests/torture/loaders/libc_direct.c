/* SPDX-License-Identifier: MIT */
/* Calls the C library's allocator by the names that nobody can get in between of, and mixes both
 * sides: 7 blocks that only free() and realloc() hear of, and 4 whose end nobody hears of. */
#include <malloc.h>
#include <stdlib.h>

#include "torture.h"

void *__libc_malloc(size_t size);
void __libc_free(void *block);
void *__libc_memalign(size_t align, size_t size);

int main(void)
{
	void *volatile block;

	for (int i = 0; i < 5; i++) {
		block = __libc_malloc(100);
		free(block);
	}
	block = __libc_memalign(64, 100);
	free(block);
	block = __libc_malloc(100);
	block = realloc(block, 100000); /* counts as an allocation from here on */
	free(block);
	for (int i = 0; i < 4; i++) {
		block = malloc(333);
		__libc_free(block); /* the next one gets its place */
	}
	keep(5, 50);
	churn(6, 60);
	MUST(mallopt(M_MMAP_THRESHOLD, 4096) && mallopt(M_ARENA_MAX, 1));
	keep(3, 9000);
	churn(3, 9000);
	MUST(malloc_trim(0) >= 0 && mallinfo2().uordblks > 0);
	say("direct\n");
	return 0;
}
