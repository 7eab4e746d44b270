/* SPDX-License-Identifier: MIT */
/* Functions with frames of many kinds. What is in a frame is left as it was found, so that return
 * addresses of calls that are over stay in it. WALK_FUNCTIONS_NAME says how this is compiled. */
#include <alloca.h>

#include "walk_plan.h"

/* Two calls, so that the same function has two return addresses. */
static __attribute__((always_inline)) inline void call_on(struct plan *plan)
{
	for (plan_function *next; (next = plan_next(plan));) {
		if (plan_below(plan, 2)) {
			next(plan);
			__asm__ volatile("nop");
		} else {
			next(plan);
			__asm__ volatile("nop; nop");
		}
	}
}

static void plain(struct plan *plan)
{
	plan_enter(plan);
	call_on(plan);
	plan_leave(plan);
}

#define WITH_ROOM(name, bytes) \
	static void name(struct plan *plan) \
	{ \
		char room[bytes]; \
\
		__asm__ volatile("" ::"r"(room) : "memory"); \
		plan_enter(plan); \
		call_on(plan); \
		plan_leave(plan); \
		__asm__ volatile("" ::"r"(room) : "memory"); \
	}
WITH_ROOM(with_little_room, 24)
WITH_ROOM(with_room, 200)
WITH_ROOM(with_much_room, 3000)

/* Covers what earlier calls have left, without writing to it. (The call that draws the size does,
 * but not so far down.) */
static void with_any_room(struct plan *plan)
{
	char *room = alloca(128 + 16 * plan_below(plan, 5));

	__asm__ volatile("" ::"r"(room) : "memory");
	plan_enter(plan);
	call_on(plan);
	plan_leave(plan);
	__asm__ volatile("" ::"r"(room) : "memory");
}

/* The frame grows while it is there: at the same return address, with other stack pointers. */
static void with_growing_room(struct plan *plan)
{
	plan_enter(plan);
	for (plan_function *next; (next = plan_next(plan));) {
		char *room = alloca(16 * (1 + plan_below(plan, 3)));

		__asm__ volatile("" ::"r"(room) : "memory");
		next(plan);
	}
	plan_leave(plan);
}

/* Needs all registers that a call keeps, the frame pointer too where it is free. */
static void with_all_registers(struct plan *plan)
{
	uint64_t a = plan_below(plan, 100), b = plan_below(plan, 100), c = plan_below(plan, 100);
	uint64_t d = plan_below(plan, 100), e = plan_below(plan, 100), f = plan_below(plan, 100);

	plan_enter(plan);
	for (plan_function *next; (next = plan_next(plan));) {
		next(plan);
		a += b ^ c;
		d += e ^ f;
		__asm__ volatile("" : "+r"(a), "+r"(b), "+r"(c), "+r"(d), "+r"(e), "+r"(f));
	}
	plan_leave(plan);
	__asm__ volatile("" ::"r"(a), "r"(b), "r"(c), "r"(d), "r"(e), "r"(f));
}

/* Sometimes calls itself and sometimes not. */
static void recursive(struct plan *plan)
{
	plan_enter(plan);
	if (plan->depth < plan->depth_limit && plan_below(plan, 3) == 0) {
		recursive(plan);
		__asm__ volatile("");
	}
	call_on(plan);
	plan_leave(plan);
}

/* Calls once and then nothing, so that it leaves the return address in place when it is over. */
static void passing_on(struct plan *plan)
{
	char *room = alloca(128 + 16 * plan_below(plan, 5));
	plan_function *next;

	__asm__ volatile("" ::"r"(room) : "memory");
	next = plan_next(plan);
	if (next)
		next(plan);
	__asm__ volatile("" ::"r"(room) : "memory");
}

/* Needs no register to be saved, or one: the frame pointer stays what it was if it is not kept. */
static void thin(struct plan *plan)
{
	plan_function *next = plan_next(plan);

	if (next)
		next(plan);
	__asm__ volatile("");
}

plan_function *const WALK_FUNCTIONS_NAME[WALK_FUNCTIONS] = {
	[WALK_PLAIN] = plain,
	[WALK_LITTLE_ROOM] = with_little_room,
	[WALK_ROOM] = with_room,
	[WALK_MUCH_ROOM] = with_much_room,
	[WALK_ANY_ROOM] = with_any_room,
	[WALK_GROWING_ROOM] = with_growing_room,
	[WALK_ALL_REGISTERS] = with_all_registers,
	[WALK_RECURSIVE] = recursive,
	[WALK_PASSING_ON] = passing_on,
	[WALK_THIN] = thin,
};
