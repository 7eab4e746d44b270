/* SPDX-License-Identifier: MIT */
/* On an allocator of its own (allocator_lib.c): the first heap call of each thread makes it map. */
#include <pthread.h>

#include "target.h"

#define THREADS 8
#define SIZE    ((size_t)2 << 20)

static int line;

static void *work(void *unused)
{
	line = __LINE__ + 1;
	unused = malloc(SIZE);
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS];

	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, work, NULL))
			return 1;
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	facts.lines[line] = (struct facts_line){THREADS,        THREADS * SIZE, THREADS,
						THREADS * SIZE, THREADS,        THREADS * SIZE};
	facts.inexact_totals = true;
	return facts_write(argc, argv);
}
