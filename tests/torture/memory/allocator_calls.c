/* SPDX-License-Identifier: MIT */
/* What else the C library's allocator offers, between allocations of all sizes; and a program break
 * that the program moves itself. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "torture.h"

static void allocate(void)
{
	static const size_t sizes[] = {1, 24, 100, 1000, 30000, 200000, 40000000};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		void *block = hold(sizes[i]);

		keep(2, sizes[i] % 5000);
		drop(block, sizes[i]);
	}
}

static void inform(void)
{
	struct mallinfo2 info = mallinfo2();
	char *text = NULL;
	size_t size = 0;
	FILE *file = open_memstream(&text, &size);

	MUST(info.uordblks > 0 && info.uordblks < info.arena + info.hblkhd + 1);
	MUST(file && malloc_info(0, file) == 0 && fclose(file) == 0);
	MUST(strstr(text, "<malloc version=") && strstr(text, "</malloc>"));
	free(text);
}

static void move_break(void)
{
	char *start = sbrk(0), *mine = sbrk(100000);

	MUST(mine == start);
	memset(mine, 9, 100000);
	allocate();
	for (int i = 0; i < 100000; i++)
		MUST(mine[i] == 9);
	if (sbrk(0) == mine + 100000) /* malloc() may have gone on from there */
		MUST(brk(mine) == 0 && sbrk(0) == mine);
}

int main(void)
{
	allocate();
	MUST(mallopt(M_MMAP_THRESHOLD, 5000) && mallopt(M_TRIM_THRESHOLD, 1000));
	allocate();
	MUST(mallopt(M_MXFAST, 0) && mallopt(M_ARENA_MAX, 1) && mallopt(M_PERTURB, 77));
	allocate();
	inform();
	malloc_trim(0);
	allocate();
	move_break();
	malloc_trim(100000);
	allocate();
	say("done\n");
	return 0;
}
