/* SPDX-License-Identifier: MIT */
/* Blocks that came from behind heapmark's back are freed and resized all the same, and counted. */
#include "target.h"

void *__libc_malloc(size_t);

int main(int argc, char **argv)
{
	void *block;

	MALLOC(100);
	for (int i = 0; i < 5; i++) {
		block = __libc_malloc(1000);
		free(block);
		facts.unknown_free++;
	}
	/* What a realloc returns is a block that was seen, wherever the old one came from. */
	block = facts_allocated(__LINE__, realloc(__libc_malloc(1000), 2000), 2000);
	facts.unknown_free++;
	FREE(block);
	return facts_write(argc, argv);
}
