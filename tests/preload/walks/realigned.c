/* SPDX-License-Identifier: MIT */
/*
 * Functions that align their stack themselves: where the caller's frame was is then known only from
 * what they saved, and their unwind tables say so with a DWARF expression. main() is one of them,
 * so every stack has such a frame.
 */
#include "walk.h"

#ifdef __x86_64__
#define REALIGNS __attribute__((force_align_arg_pointer))
#else
#define REALIGNS
#endif

/* Arguments on the stack, more than a register's alignment, and a size unknown: all the reasons. */
static FRAME REALIGNS int aligned(int a, int b, int c, int d, int e, int f, int depth, int room)
{
	_Alignas(64) volatile char line[64];
	volatile char array[room];

	line[0] = array[0] = (char)a;
	if ((uintptr_t)line % 64)
		abort();
	if (depth)
		a = aligned(b, c, d, e, f, a, depth - 1, room + 8);
	keep((size_t)room);
	return a + line[0];
}

static FRAME void plain(int i)
{
	aligned(1, 2, 3, 4, 5, 6, i % 10, 1 + i % 50);
	HERE();
}

REALIGNS int main(int argc, char **argv)
{
	_Alignas(32) char line[32];

	TOUCH(line);
	for (int i = 0; i < 300 * rounds(argc, argv); i++) {
		plain(i);
		path_add((uint64_t)(i % 10) + 1, "keep<aligned<*<plain<main");
		keep((size_t)i);
		path_add(1, "keep<main");
	}
	return walk_end(argc, argv);
}
