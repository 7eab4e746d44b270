/* SPDX-License-Identifier: MIT */
/*
 * Four threads grow, shrink, move and free blocks at the same addresses: what one lets go, another
 * gets at once. If a free were noted after the fact, it would erase the new owner's block, which
 * would then be a leak that there is not. See test_crowd.py.
 *
 * For that they must share one arena without a cache for each thread (GLIBC_TUNABLES, see
 * meson.build), and the blocks be small, as these are kept apart while they are free. That
 * addresses really change hands is counted: who let one go last is remembered beside it.
 */
#include <pthread.h>
#include <sched.h>

#include "books.h"

#define THREADS    4
#define ROUNDS     350000 /* of each; a few are not reallocations */
#define SLOTS      8
#define SIZES      6
#define LEAST      24
#define STEP       16
#define YIELD      32
#define OWNERS     65536
#define HANDOVERS  10000 /* at least, of all reallocations */
#define TO_NOTHING 10

static struct books books[THREADS];
static uint64_t handovers[THREADS];
static _Atomic uint8_t owners[OWNERS]; /* by address: 1 and up, who had it */

static _Atomic uint8_t *owner_of(const void *block)
{
	return &owners[(uintptr_t)block / 16 % OWNERS];
}

static void *storm(void *argument)
{
	size_t me = (size_t)argument;
	struct books *mine = &books[me];
	uint32_t random = (uint32_t)me + 1;
	struct {
		char *at;
		size_t size;
	} slots[SLOTS] = {{NULL, 0}};
	int line = 0;

	for (int i = 0; i < ROUNDS; i++) {
		random = random * 1664525 + 1013904223;
		size_t slot = random >> 29, size = LEAST + (random >> 8) % SIZES * STEP;
		char *old = slots[slot].at;
		uint8_t before;

		if (old)
			*owner_of(old) = (uint8_t)(me + 1);
		if (i % YIELD == 0)
			sched_yield();
		line = __LINE__ + 1;
		char *block = realloc(old, size);

		before = *owner_of(block);
		handovers[me] += block != old && before && before != me + 1;
		block[0] = block[size - 1] = (char)me;
		if (old) {
			books_gone(mine, line, slots[slot].size);
			mine->reallocations++;
		}
		books_new(mine, line, size);
		slots[slot].at = block;
		slots[slot].size = size;
		if (random >> 16 & 7)
			continue;
		*owner_of(block) = (uint8_t)(me + 1);
		books_gone(mine, line, size);
		free(block);
		slots[slot].at = NULL;
	}
	for (int i = 0; i < SLOTS; i++) {
		if (!slots[i].at)
			continue;
		books_gone(mine, line, slots[i].size);
		free(slots[i].at);
	}
	return NULL;
}

/* realloc(block, 0) frees. */
static void realloc_to_nothing(void)
{
	for (int i = 0; i < TO_NOTHING; i++) {
		void *block = MALLOC(100);

		block = REALLOC(block, 0);
		if (block)
			_exit(1);
	}
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS];
	uint64_t changed_hands = 0;

	realloc_to_nothing();
	for (size_t i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, storm, (void *)i))
			return 1;
	for (size_t i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		facts_add_books(&books[i]);
		changed_hands += handovers[i];
	}
	if (changed_hands < HANDOVERS) {
		facts_print(2, "only " FACT " addresses changed hands\n", N(changed_hands));
		return 1;
	}
	facts.no_peak = true;
	return facts_write(argc, argv);
}
