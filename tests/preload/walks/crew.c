/* SPDX-License-Identifier: MIT */
/*
 * Sixteen threads, each with stacks of its own kind, then many short ones, of which some return,
 * some leave in the middle of a deep call, and some are cancelled there.
 */
#include "walk.h"

#include <pthread.h>
#include <unistd.h>

#define THREADS 16

static uint64_t kept[THREADS], kept_short[4];

static FRAME void climb(uint64_t *state, size_t me, int depth)
{
	char room[32 + me * 8];

	TOUCH(room);
	if (depth)
		climb(state, me, depth - 1);
	keep(random_next(state) % 200);
	kept[me]++;
	TOUCH(room);
}

struct job {
	size_t me;
	int rounds;
};

static FRAME void *work(void *argument)
{
	struct job *job = argument;
	uint64_t state = job->me + 1;

	for (int i = 0; i < 100 * job->rounds; i++)
		climb(&state, job->me, (int)(random_next(&state) % 30));
	return NULL;
}

static FRAME void leave(size_t how, int depth)
{
	char room[48];

	TOUCH(room);
	if (depth)
		leave(how, depth - 1);
	keep(how);
	__atomic_add_fetch(&kept_short[how], 1, __ATOMIC_RELAXED);
	if (how == 1 && depth == 3)
		pthread_exit(NULL);
	if (how == 2 && depth == 3)
		for (;;)
			pause(); /* to be cancelled here */
	TOUCH(room);
}

static FRAME void *short_life(void *argument)
{
	leave((size_t)argument, 8);
	return NULL;
}

static FRAME void start_short(size_t i)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, short_life, (void *)(i % 3)) != 0)
		abort();
	if (i % 3 == 2)
		pthread_cancel(thread);
	pthread_join(thread, NULL);
}

int main(int argc, char **argv)
{
	struct job jobs[THREADS];
	pthread_t threads[THREADS];
	uint64_t sum = 0;

	for (size_t i = 0; i < THREADS; i++) {
		jobs[i] = (struct job){i, rounds(argc, argv)};
		if (pthread_create(&threads[i], NULL, work, &jobs[i]) != 0)
			abort();
	}
	for (size_t i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		sum += kept[i];
	}
	for (size_t i = 0; i < 150 * (size_t)rounds(argc, argv); i++)
		start_short(i);
	path_add(sum, "keep<climb<*<work");
	path_add(kept_short[0] + kept_short[1] + kept_short[2], "keep<leave<*<short_life");
	return walk_end(argc, argv);
}
