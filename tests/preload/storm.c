/* SPDX-License-Identifier: MIT */
/*
 * Four threads grow, shrink, move and free blocks at the same addresses: what one lets go, another
 * gets at once. If a free were noted after the fact, it would erase the new owner's block.
 */
#include <pthread.h>

#include "target.h"

#define THREADS 4
#define ROUNDS  200000
#define SLOTS   64

static uint64_t allocations[THREADS], allocated[THREADS];
static int realloc_line;

static void *storm(void *argument)
{
	size_t me = (size_t)argument;
	uint32_t random = (uint32_t)me + 1;
	char *slots[SLOTS] = {NULL};

	for (int i = 0; i < ROUNDS; i++) {
		random = random * 1664525 + 1013904223;
		size_t slot = random >> 26, size = (random >> 8 & 0x1ff) + 1;

		realloc_line = __LINE__ + 1;
		slots[slot] = realloc(slots[slot], size);
		slots[slot][0] = slots[slot][size - 1] = (char)me;
		allocations[me]++;
		allocated[me] += size;
		if (random & 0x20000) {
			free(slots[slot]);
			slots[slot] = NULL;
		}
	}
	for (int i = 0; i < SLOTS; i++)
		free(slots[i]);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS];

	for (size_t i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, storm, (void *)i))
			return 1;
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	for (size_t i = 0; i < THREADS; i++) {
		facts.lines[realloc_line].allocations += allocations[i];
		facts.lines[realloc_line].allocated_bytes += allocated[i];
	}
	facts.inexact_totals = true; /* the stacks of the threads are libc's */
	facts.no_peak = true;
	return facts_write(argc, argv);
}
