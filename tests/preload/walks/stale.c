/* SPDX-License-Identifier: MIT */
/*
 * Two stacks alike in every word but their truth. through() takes room on the stack, and is called
 * by left(), whose frame is large, or by right(), whose frame is small. With the right amount of
 * room, below right() the stack pointer is what it was below left(), and where the return address
 * into left() was, it still stands: in the room, which nobody writes to. Only the frame pointer
 * differs. Who remembers stacks by their stack pointer and return addresses takes one for the
 * other.
 */
#include "walk.h"

#include <alloca.h>

static uintptr_t sp_then, frame_then, return_then;

typedef void leaf_function(uintptr_t frame, int learn);

/* The caller's stack pointer is as far from this function's frame as ever. */
static FRAME void look(uintptr_t frame, int learn)
{
	uintptr_t sp = (uintptr_t)__builtin_frame_address(0);
	uintptr_t *slot = (uintptr_t *)(frame_then + sizeof(uintptr_t));

	if (learn) {
		sp_then = sp;
		frame_then = frame;
		return_then = ((uintptr_t *)frame)[1];
		return;
	}
	trap(sp == sp_then && frame != frame_then && *slot == return_then);
}

/* In one of these the frame pointer is still through()'s, in the other it is saved. */
static FRAME void leaf_plain(uintptr_t frame, int learn)
{
	look(frame, learn);
	keep(10);
	HERE();
}

static FRAME void leaf_framed(uintptr_t frame, int learn)
{
	uintptr_t *volatile own = __builtin_frame_address(0);

	look(frame, learn);
	keep(own ? 10 : 11);
	HERE();
}

static FRAME void through(size_t room, leaf_function *leaf, int learn)
{
	char *volatile area = alloca(room);

	leaf((uintptr_t)__builtin_frame_address(0), learn);
	HERE();
	(void)area;
}

static FRAME void left(size_t room, leaf_function *leaf, int learn)
{
	char large[120];

	TOUCH(large);
	through(room, leaf, learn);
	TOUCH(large);
}

static FRAME void right(size_t room, leaf_function *leaf, int learn)
{
	char small[40];

	TOUCH(small);
	through(room, leaf, learn);
	TOUCH(small);
}

typedef void side_function(size_t room, leaf_function *leaf, int learn);

static FRAME void start(side_function *side, size_t room, leaf_function *leaf, int learn)
{
	side(room, leaf, learn);
	HERE();
}

static FRAME void both_sides(leaf_function *leaf, size_t more)
{
	side_function *const sides[2] = {left, right};
	size_t room[2] = {32, 32 + more};

	for (volatile int side = 0; side < 2; side++)
		start(sides[side], room[side], leaf, side == 0);
}

/* The same with arrays whose sizes are known only when running. */
static FRAME void array(uint64_t *state, int depth)
{
	char room[1 + random_next(state) % 300];

	TOUCH(room);
	keep(sizeof(room));
	if (depth)
		array(state, depth - 1);
	keep(sizeof(room));
	TOUCH(room);
}

int main(int argc, char **argv)
{
	uint64_t state = 88172645463325252;

	for (int i = 0; i < 40 * rounds(argc, argv); i++) {
		for (size_t more = 0; more <= 192; more += 16) {
			both_sides(leaf_plain, more);
			both_sides(leaf_framed, more);
			path_add(1, "keep<leaf_plain<through<left<start<both_sides<main");
			path_add(1, "keep<leaf_plain<through<right<start<both_sides<main");
			path_add(1, "keep<leaf_framed<through<left<start<both_sides<main");
			path_add(1, "keep<leaf_framed<through<right<start<both_sides<main");
		}
		array(&state, i % 30);
		path_add(2 * (uint64_t)(i % 30 + 1), "keep<array<*<main");
	}
	return walk_end(argc, argv);
}
