/* SPDX-License-Identifier: MIT */
/*
 * Recursion far beyond the depth limit, with allocations on the way down and on the way back, so
 * that of two stacks alike only a few innermost frames differ, and those count that are cut off.
 */
#include "walk.h"

#define DEPTH 2000
#define EVERY 25 /* levels that allocate; each is a stack of its own */

static uint64_t kept_down, kept_even, kept_odd;

static FRAME void down(int left)
{
	if (left % EVERY == 0)
		keep((size_t)left % 100);
	if (left)
		down(left - 1);
	if (left % EVERY)
		return;
	keep((size_t)left % 100);
	kept_down += 2;
}

static FRAME void odd(int left);

static FRAME void even(int left)
{
	char room[56];

	TOUCH(room);
	if (left)
		odd(left - 1);
	if (left % EVERY)
		return;
	keep(sizeof(room));
	kept_even++;
}

static FRAME void odd(int left)
{
	char room[200];

	TOUCH(room);
	if (left)
		even(left - 1);
	if (left % EVERY)
		return;
	keep(sizeof(room));
	kept_odd++;
}

int main(int argc, char **argv)
{
	for (int i = 0; i < 20 * rounds(argc, argv); i++) {
		down(DEPTH);
		even(DEPTH);
	}
	path_add(kept_down, "keep<down");
	path_add(kept_even, "keep<even");
	path_add(kept_odd, "keep<odd");
	return walk_end(argc, argv);
}
