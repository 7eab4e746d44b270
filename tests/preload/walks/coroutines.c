/* SPDX-License-Identifier: MIT */
/*
 * Coroutines on stacks of their own, which allocate, give way in the middle of deep calls, end, and
 * whose stacks are freed and given to others.
 */
#include "walk.h"

#include <sys/mman.h>
#include <ucontext.h>

#define COROUTINES  8
#define STACK_BYTES 65536

static ucontext_t scheduler;

static struct coroutine {
	ucontext_t context;
	void *stack;
	uint64_t state;
	int alive;
} coroutines[COROUTINES];

static struct coroutine *current;
static uint64_t kept_low, kept_high, kept_main;

static FRAME void give_way(void)
{
	swapcontext(&current->context, &scheduler);
	HERE();
}

static FRAME void low(int depth)
{
	char room[40];

	TOUCH(room);
	if (depth)
		low(depth - 1);
	if (random_next(&current->state) % 4 == 0)
		give_way();
	keep(depth);
	kept_low++;
	TOUCH(room);
}

static FRAME void high(int depth)
{
	char room[136];

	TOUCH(room);
	if (depth)
		high(depth - 1);
	if (random_next(&current->state) % 4 == 0)
		give_way();
	keep(depth);
	kept_high++;
	TOUCH(room);
}

static void live(void)
{
	for (int i = 0; i < 3; i++) {
		int depth = (int)(random_next(&current->state) % 20);

		if (random_next(&current->state) % 2)
			low(depth);
		else
			high(depth);
	}
	current->alive = 0;
	give_way();
}

static FRAME void *stack_new(int mapped)
{
	void *stack = mapped ? mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE,
				    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
			     : malloc(STACK_BYTES);

	if (!stack || stack == MAP_FAILED)
		abort();
	return stack;
}

static FRAME void start(struct coroutine *coroutine, int mapped)
{
	if (coroutine->stack && mapped)
		munmap(coroutine->stack, STACK_BYTES);
	else
		free(coroutine->stack);
	coroutine->stack = stack_new(mapped);
	getcontext(&coroutine->context);
	coroutine->context.uc_stack.ss_sp = coroutine->stack;
	coroutine->context.uc_stack.ss_size = STACK_BYTES;
	coroutine->context.uc_link = &scheduler;
	coroutine->alive = 1;
	makecontext(&coroutine->context, live, 0);
}

int main(int argc, char **argv)
{
	uint64_t state = 99;

	for (int i = 0; i < COROUTINES; i++)
		coroutines[i].state = (uint64_t)i + 1;
	for (int i = 0; i < 1500 * rounds(argc, argv); i++) {
		int which = (int)(random_next(&state) % COROUTINES);

		current = &coroutines[which];
		if (!current->alive)
			start(current, which % 2);
		swapcontext(&scheduler, &current->context);
		keep(5);
		kept_main++;
	}
	path_add(kept_low, "keep<low<*<live");
	path_add(kept_high, "keep<high<*<live");
	path_add(kept_main, "keep<main");
	return walk_end(argc, argv);
}
