/* SPDX-License-Identifier: MIT */
/*
 * many_threads FACTS waves|all COUNT: so many threads, eight at a time, or all alive together. Each
 * allocates what only it knows; some blocks stay, some are freed by whom comes next.
 */
#include <pthread.h>

#include "target.h"

#define WAVE        8
#define THREADS_MAX 16384

static pthread_t threads[THREADS_MAX];
static char *left[THREADS_MAX];
static pthread_barrier_t together;
static int kept_line, passing_line;

static void *in_wave(void *argument)
{
	size_t me = (size_t)argument, before = me - WAVE;

	for (size_t i = 0; i < me % 5; i++) {
		passing_line = __LINE__ + 1;
		char *block = malloc(me + 1);

		block[me] = 1;
		free(block);
	}
	kept_line = __LINE__ + 1;
	left[me] = malloc(10 + me % 7);
	if (me >= WAVE && me % 10) {
		free(left[before]); /* its thread has ended */
		left[before] = NULL;
	}
	return NULL;
}

static void *with_all(void *argument)
{
	size_t me = (size_t)argument;

	kept_line = __LINE__ + 1;
	left[me] = malloc(1000 + me);
	pthread_barrier_wait(&together);
	return NULL;
}

static void run(size_t from, size_t to, void *(*work)(void *))
{
	pthread_attr_t small;

	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 65536);
	for (size_t i = from; i < to; i++)
		if (pthread_create(&threads[i], &small, work, (void *)i))
			_exit(1);
	for (size_t i = from; i < to; i++)
		pthread_join(threads[i], NULL);
}

static void add(int line, uint64_t size, int stays)
{
	struct facts_line *row = &facts.lines[line];

	row->allocations++;
	row->allocated_bytes += size;
	facts.allocations++;
	facts.allocated_bytes += size;
	if (!stays) {
		facts.frees++;
		return;
	}
	row->blocks++;
	row->bytes += size;
	facts.live_blocks++;
	facts.live_bytes += size;
}

int main(int argc, char **argv)
{
	size_t count = argc > 3 ? (size_t)atoi(argv[3]) : WAVE;
	int waves = argc > 2 && strcmp(argv[2], "waves") == 0;

	if (count > THREADS_MAX)
		return 2;
	pthread_barrier_init(&together, NULL, (unsigned)count);
	if (waves)
		for (size_t i = 0; i < count; i += WAVE)
			run(i, i + WAVE < count ? i + WAVE : count, in_wave);
	else
		run(0, count, with_all);
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; waves && j < i % 5; j++)
			add(passing_line, i + 1, 0);
		add(kept_line, waves ? 10 + i % 7 : 1000 + i, left[i] != NULL);
	}
	facts.no_peak = true; /* it depends on who is first */
	return facts_write(argc, argv);
}
