/* SPDX-License-Identifier: MIT */
/* Blocks of no bytes are blocks: they are counted, and freed. */
#include "target.h"

int main(int argc, char **argv)
{
	void *kept = MALLOC(0);
	void *block = MALLOC(0);

	FREE(block);
	block = CALLOC(0, (size_t)8);
	FREE(block);
	CALLOC(8, (size_t)0);
	block = REALLOC(NULL, 0);
	block = REALLOC(block, 10);
	block = REALLOC(block, 0);
	FREE(block);
	for (int i = 0; i < 10; i++)
		MALLOC(0);
	FREE(kept);
	MALLOC(5);
	return facts_write(argc, argv);
}
