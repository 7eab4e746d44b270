/* SPDX-License-Identifier: MIT */
/*
 * pause THREADS MILLISECONDS: the longest that one malloc or free took.
 *
 * One thread walks a tree of calls: two call sites at each of 17 levels make 131,072 stacks. Each
 * leaf allocates a block in one walk and frees it in the next, so that a snapshot between two walks
 * finds every stack changed. A second thread does short pairs meanwhile. The first walk, in which
 * every stack is new, is told apart from the later ones, which go on for so many milliseconds.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LEVELS 17
#define STACKS (1u << LEVELS)

enum phase { FIRST_WALK, LATER_WALKS, OVER };

struct longest {
	uint64_t ns[OVER];
};

static void *blocks[STACKS];
static atomic_int phase;

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* Allocates the block if there is none, else frees it. */
static __attribute__((noinline)) void toggle(void *volatile *block, struct longest *longest,
					     int now)
{
	uint64_t begin = now_ns(), took;

	if (*block) {
		free(*block);
		*block = NULL;
	} else {
		*block = malloc(64);
	}
	took = now_ns() - begin;
	if (took > longest->ns[now])
		longest->ns[now] = took;
}

static __attribute__((noinline)) void walk(int level, uint32_t leaf, struct longest *longest,
					   int now)
{
	if (level == LEVELS) {
		toggle(&blocks[leaf], longest, now);
	} else {
		walk(level + 1, 2 * leaf, longest, now);
		walk(level + 1, 2 * leaf + 1, longest, now);
	}
	__asm__ volatile("" ::: "memory"); /* so that no call is the last thing done */
}

static void *churn(void *argument)
{
	struct longest *longest = argument;
	void *block = NULL;
	int now;

	while ((now = atomic_load(&phase)) != OVER) {
		toggle(&block, longest, now);
		toggle(&block, longest, now);
	}
	return NULL;
}

static double ms(struct longest a, struct longest b, enum phase of)
{
	return (double)(a.ns[of] > b.ns[of] ? a.ns[of] : b.ns[of]) / 1e6;
}

int main(int argc, char **argv)
{
	struct longest mine = {{0}}, other = {{0}};
	int threads = argc == 3 ? atoi(argv[1]) : 0;
	uint64_t end;
	pthread_t id;

	if (threads < 1 || threads > 2) {
		fputs("usage: pause 1|2 MILLISECONDS\n", stderr);
		return 2;
	}
	memset(blocks, 0, sizeof(blocks)); /* its page faults are not what is measured */
	if (threads == 2 && pthread_create(&id, NULL, churn, &other) != 0)
		return 1;
	walk(0, 0, &mine, FIRST_WALK);
	atomic_store(&phase, LATER_WALKS);
	end = now_ns() + strtoull(argv[2], NULL, 10) * 1000000;
	while (now_ns() < end)
		walk(0, 0, &mine, LATER_WALKS);
	atomic_store(&phase, OVER);
	if (threads == 2)
		pthread_join(id, NULL);
	printf("bench: first=%.3f later=%.3f\n", ms(mine, other, FIRST_WALK),
	       ms(mine, other, LATER_WALKS));
	return 0;
}
