/* SPDX-License-Identifier: MIT */
/* Allocates under a known line, takes a snapshot, frees half. See test_known_line.py. */
#include "heapmark.h"
#include "target.h"

#define COUNT 100
#define SIZE  1000

int main(int argc, char **argv)
{
	void *blocks[COUNT];

	for (int i = 0; i < COUNT; i++)
		blocks[i] = MALLOC(SIZE); /* the known line */
	heapmark_snapshot("full");
	for (int i = 0; i < COUNT; i += 2)
		FREE(blocks[i]);
	return facts_write(argc, argv);
}
