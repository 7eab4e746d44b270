/* SPDX-License-Identifier: MIT */
/*
 * threads FACTS COUNT: each thread allocates what only it knows; the sums are exact at the end, and
 * at the peak, which all of them reach together.
 */
#include <pthread.h>

#include "target.h"

#define ROUNDS 5000
#define KEPT   100

static pthread_barrier_t full;
static int kept_line, churned_line;

static void *work(void *argument)
{
	size_t size = (size_t)argument;
	void *kept[KEPT];

	for (int i = 0; i < ROUNDS; i++) {
		churned_line = __LINE__ + 1;
		void *block = malloc(size);

		free(block);
	}
	pthread_barrier_wait(&full); /* nobody churns any more */
	for (int i = 0; i < KEPT; i++) {
		kept_line = __LINE__ + 1;
		kept[i] = malloc(100000 + size);
	}
	pthread_barrier_wait(&full); /* the peak */
	for (int i = 0; i < KEPT / 2; i++)
		free(kept[i]);
	return NULL;
}

static void add(int line, uint64_t count, uint64_t size)
{
	struct facts_line *row = &facts.lines[line];

	row->allocations += count;
	row->allocated_bytes += count * size;
	if (line != kept_line)
		return;
	row->blocks += count / 2;
	row->bytes += count / 2 * size;
	row->peak_blocks += count;
	row->peak_bytes += count * size;
}

int main(int argc, char **argv)
{
	size_t count = argc > 2 ? (size_t)atoi(argv[2]) : 2;
	pthread_t threads[256];

	pthread_barrier_init(&full, NULL, (unsigned)count);
	for (size_t i = 0; i < count; i++)
		if (pthread_create(&threads[i], NULL, work, (void *)(i + 1)))
			return 1;
	for (size_t i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	for (size_t i = 0; i < count; i++) {
		add(churned_line, ROUNDS, i + 1);
		add(kept_line, KEPT, 100000 + i + 1);
	}
	facts.inexact_totals = true; /* libc and the loader allocate for each thread */
	return facts_write(argc, argv);
}
