/* SPDX-License-Identifier: MIT */
/* Stacks by number; see walk_plan.h. Without frame pointers whatever the build has, or they depend
 * on more words than are remembered of a stack. */
#include <alloca.h>

#include "walk_plan.h"

#define CALL(site) \
	case site: \
		__asm__ volatile("# " #site : "+r"(which)); \
		turn_call(which / TURN_SITES, levels - 1, look_at); \
		__asm__ volatile("# after " #site); \
		break;

__attribute__((noinline)) void turn_call(unsigned which, unsigned levels, void (*look_at)(void))
{
	if (levels == 0) {
		look_at();
		__asm__ volatile(""); /* no tail call */
		return;
	}
	switch (which % TURN_SITES) {
		CALL(0)
		CALL(1)
		CALL(2)
		CALL(3)
	}
}

void turn_take(unsigned which, unsigned levels, void (*look_at)(void))
{
	char *room = alloca(32 * (which + 1));

	__asm__ volatile("" ::"r"(room) : "memory");
	turn_call(which, levels, look_at);
	__asm__ volatile("" ::"r"(room) : "memory");
}
