/* SPDX-License-Identifier: MIT */
/* Threads one after another on the very same stack, each with other call stacks at the same
 * addresses. */
#include <pthread.h>
#include <sys/mman.h>

#include "torture.h"

#define ROUNDS 500
#define STACK  65536

static __attribute__((noinline)) void one(int depth);

static __attribute__((noinline)) void other(int depth)
{
	if (depth > 0)
		one(depth - 1);
	churn(1, 10);
}

static __attribute__((noinline)) void one(int depth)
{
	if (depth > 0)
		(depth % 3 ? one : other)(depth - 1);
	churn(1, 11);
}

static void *live(void *number)
{
	int round = *(int *)number;

	(round % 2 ? one : other)(round % 23);
	keep(1, (size_t)round);
	return NULL;
}

int main(void)
{
	void *stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	pthread_attr_t attributes;

	MUST(stack != MAP_FAILED);
	pthread_attr_init(&attributes);
	MUST(pthread_attr_setstack(&attributes, stack, STACK) == 0);
	for (int i = 0; i < ROUNDS; i++) {
		pthread_t thread;

		MUST(pthread_create(&thread, &attributes, live, &i) == 0);
		MUST(pthread_join(thread, NULL) == 0);
	}
	say("%d threads\n", ROUNDS);
	return 0;
}
