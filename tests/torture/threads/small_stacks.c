/* SPDX-License-Identifier: MIT */
/*
 * small_stacks WHERE: threads with the least stack there may be. They allocate, deep down, and say
 * how much of their stack was left. WHERE their stack is: library (made by the C library), mapped,
 * allocated (in a block of the heap).
 */
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "torture.h"

#define ROUNDS 300
#define CANARY 8192
#define PAINT  0x5a
#define ENOUGH 1024 /* must be left; the plain program has eight times as much */

static const char *where;

/* The malloc that needs most is one that nobody has seen yet: there a stack is looked up. */
static __attribute__((noinline)) void go_down(int depth)
{
	volatile char room[64];

	room[0] = (char)depth;
	if (depth > 0)
		go_down(depth - 1);
	else
		churn(1, 100);
	room[1] = room[0];
}

static void *live(void *round)
{
	int number = *(int *)round;

	go_down(number % 16);
	churn(20, 64);
	free(realloc(malloc(100), 200));
	free(calloc(10, 10));
	return NULL;
}

static void run(pthread_attr_t *attributes, int round)
{
	pthread_t thread;

	MUST(pthread_create(&thread, attributes, live, &round) == 0);
	MUST(pthread_join(thread, NULL) == 0);
}

static size_t untouched(const unsigned char *stack)
{
	size_t count = 0;

	while (count < (size_t)PTHREAD_STACK_MIN && stack[count] == PAINT)
		count++;
	return count;
}

/* Returns how much of the stack was never written to. */
static size_t run_painted(unsigned char *memory, int round)
{
	unsigned char *stack = memory + CANARY;
	pthread_attr_t attributes;

	memset(memory, PAINT, CANARY + PTHREAD_STACK_MIN);
	pthread_attr_init(&attributes);
	MUST(pthread_attr_setstack(&attributes, stack, PTHREAD_STACK_MIN) == 0);
	run(&attributes, round);
	pthread_attr_destroy(&attributes);
	for (int i = 0; i < CANARY; i++)
		MUST(memory[i] == PAINT);
	return untouched(stack);
}

int main(int argc, char **argv)
{
	size_t bytes = CANARY + (size_t)PTHREAD_STACK_MIN, least = SIZE_MAX;
	pthread_attr_t attributes;
	void *memory = NULL;

	where = argc > 1 ? argv[1] : "library";
	pthread_attr_init(&attributes);
	MUST(pthread_attr_setstacksize(&attributes, PTHREAD_STACK_MIN) == 0);
	if (!strcmp(where, "mapped"))
		memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			      0);
	if (!strcmp(where, "allocated"))
		MUST(posix_memalign(&memory, 4096, bytes) == 0);
	for (int i = 0; i < ROUNDS; i++) {
		size_t left = ENOUGH;

		if (memory)
			left = run_painted(memory, i);
		else
			run(&attributes, i);
		if (left < least)
			least = left;
	}
	if (getenv("TORTURE_VERBOSE"))
		say("at least %zu bytes were left\n", least);
	MUST(least >= ENOUGH);
	say("%d threads\n", ROUNDS);
	return 0;
}
