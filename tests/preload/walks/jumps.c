/* SPDX-License-Identifier: MIT */
/* longjmp() out of deep frames, to various heights: what is remembered of them is void. */
#include "walk.h"

#include <setjmp.h>

static jmp_buf heights[8];
static uint64_t state = 5, kept_fall, kept_climb;

static FRAME void fall(int depth)
{
	char room[24];

	TOUCH(room);
	keep(depth);
	kept_fall++;
	if (depth == 0)
		longjmp(heights[random_next(&state) % 8], 1);
	fall(depth - 1);
	TOUCH(room);
}

static FRAME void climb(int height)
{
	char room[88];
	volatile int mine = height;

	TOUCH(room);
	if (setjmp(heights[mine]) == 0) {
		if (mine == 7)
			fall((int)(random_next(&state) % 50));
		else
			climb(mine + 1);
	}
	keep((size_t)mine);
	kept_climb++;
	TOUCH(room);
}

int main(int argc, char **argv)
{
	for (int i = 0; i < 300 * rounds(argc, argv); i++)
		climb(0);
	path_add(kept_fall, "keep<fall<*<climb<*<main");
	path_add(kept_climb, "keep<climb<*<main");
	return walk_end(argc, argv);
}
