/* SPDX-License-Identifier: MIT */
/*
 * coroutines: many of them, on stacks that end where a map ends, that allocate between their turns.
 * Then threads take turns in running them, so that each coroutine goes on in another thread than
 * before.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "torture.h"

#define COROUTINES 200
#define TURNS      20
#define THREADS    3
#define STACK      32768

static struct coroutine {
	ucontext_t context, *back;
	void *block;
} coroutines[COROUTINES];
static pthread_barrier_t turn;

static __attribute__((noinline)) void deeper(struct coroutine *me, int depth)
{
	volatile char room[32];

	room[0] = (char)depth;
	if (depth > 0) {
		deeper(me, depth - 1);
	} else {
		churn(2, 50);
		swapcontext(&me->context, me->back);
		churn(2, 51);
	}
	room[1] = room[0];
}

static void run(int number)
{
	struct coroutine *me = &coroutines[number];

	for (int i = 0;; i++) {
		if (me->block)
			drop(me->block, 60);
		me->block = hold(60);
		deeper(me, (number + i) % 7);
	}
}

static void make(int number)
{
	struct coroutine *me = &coroutines[number];
	char *map = mmap(NULL, STACK + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			 -1, 0);

	MUST(map != MAP_FAILED && mprotect(map + STACK, 4096, PROT_NONE) == 0);
	MUST(getcontext(&me->context) == 0);
	me->context.uc_stack.ss_sp = map;
	me->context.uc_stack.ss_size = STACK;
	me->context.uc_link = NULL;
	makecontext(&me->context, (void (*)(void))(uintptr_t)run, 1, number);
}

/* noinline: where a thread's own data is must not be remembered over a switch. */
static __attribute__((noinline)) void resume(struct coroutine *coroutine, ucontext_t *here)
{
	coroutine->back = here;
	MUST(swapcontext(here, &coroutine->context) == 0);
}

static void *take_turns(void *number)
{
	long me = (long)number;
	ucontext_t here;

	for (int i = 0; i < TURNS; i++) {
		for (int k = 0; k < COROUTINES; k++)
			if ((k + i) % THREADS == me)
				resume(&coroutines[k], &here);
		pthread_barrier_wait(&turn);
	}
	return NULL;
}

int main(void)
{
	pthread_t threads[THREADS];
	ucontext_t here;

	pthread_barrier_init(&turn, NULL, THREADS);
	for (int i = 0; i < COROUTINES; i++)
		make(i);
	for (int i = 0; i < TURNS; i++)
		for (int k = 0; k < COROUTINES; k++)
			resume(&coroutines[k], &here);
	for (long i = 0; i < THREADS; i++)
		MUST(pthread_create(&threads[i], NULL, take_turns, (void *)i) == 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	say("%d coroutines\n", COROUTINES);
	return 0;
}
