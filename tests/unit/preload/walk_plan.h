/* SPDX-License-Identifier: MIT */
/* Random walks over functions that call each other, and now and then something that looks at the
 * stack. The functions (walk_functions.c) are compiled in several ways. And stacks by number. */
#ifndef WALK_PLAN_H
#define WALK_PLAN_H

#include <stddef.h>
#include <stdint.h>

struct plan;
typedef void plan_function(struct plan *plan);

struct plan {
	uint64_t seed;
	plan_function *const *functions;
	size_t function_count;
	plan_function *look;
	uint64_t looks_left;
	unsigned depth, depth_limit;
	const char
		*script; /* instead of chance: digits are what is drawn, letters what is called */
};

/* What the function that asks is to call next; NULL: it is to return. */
plan_function *plan_next(struct plan *plan);
uint64_t plan_below(struct plan *plan, uint64_t limit);
void plan_enter(struct plan *plan);
void plan_leave(struct plan *plan);

enum walk_function {
	WALK_PLAIN,
	WALK_LITTLE_ROOM,
	WALK_ROOM,
	WALK_MUCH_ROOM,
	WALK_ANY_ROOM,
	WALK_GROWING_ROOM,
	WALK_ALL_REGISTERS,
	WALK_RECURSIVE,
	WALK_PASSING_ON,
	WALK_THIN,
	WALK_FUNCTIONS
};
extern plan_function *const walk_functions_o0[WALK_FUNCTIONS];
extern plan_function *const walk_functions_o0_fp[WALK_FUNCTIONS];
extern plan_function *const walk_functions_o2[WALK_FUNCTIONS];
extern plan_function *const walk_functions_o2_fp[WALK_FUNCTIONS];

/* Stacks by number (walk_turns.c): each of the levels is called from one of several sites. */
#define TURN_SITES  4
#define TURN_LEVELS 5 /* so 1024 stacks */

void turn_call(unsigned which, unsigned levels, void (*look_at)(void));

/* The same from a frame whose size is another one for each: so that stacks have nothing in common
 * below the caller. */
void turn_take(unsigned which, unsigned levels, void (*look_at)(void));

#endif
