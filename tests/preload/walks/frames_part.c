/* SPDX-License-Identifier: MIT */
/* Compiled with and without frame pointers and optimization; PART and PART_NAME say which it is. */
#include "frames.h"

#include <stdlib.h>

#define PASTE_(a, b) a##b
#define PASTE(a, b)  PASTE_(a, b)
#define NAMED(what)  PASTE(what, PART_NAME)

/* More values live across the call than there are registers for, rbp among them if it is free. */
uint64_t NAMED(step_)(struct course *course)
{
	uint64_t a = course->state * 3, b = a * 5, c = b ^ a >> 7, d = c * 7, e = d + c * 11;
	uint64_t f = e ^ d >> 3, g = f * 13, h = g + f * 17;

	course->depth--;
	h += frames_go_on(course, PART);
	return a ^ b ^ c ^ d ^ e ^ f ^ g ^ h;
}

uint64_t NAMED(leaf_)(struct course *course)
{
	char *volatile block = malloc(1 + course->state % 100);

	course->leaves[PART][course->part]++;
	block[0] = 1;
	free(block);
	return course->state;
}
