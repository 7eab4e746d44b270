/* SPDX-License-Identifier: MIT */
/* A thousand threads that live at once: each allocates what another one frees. Then 64 of them
 * hammer one call site, and 64 others each its own. */
#include <pthread.h>

#include "torture.h"

#define THREADS 1000
#define HAMMERS 64
#define BLOWS   2000

static void *blocks[THREADS];
static pthread_barrier_t all;

static void blow(int site)
{
	switch (site) {
#define SITE(number) \
	case number: \
		churn(BLOWS, 10 + number); \
		break;
#define SITES8(first) \
	SITE(first) \
	SITE(first + 1) \
	SITE(first + 2) \
	SITE(first + 3) SITE(first + 4) SITE(first + 5) SITE(first + 6) SITE(first + 7)
		SITES8(0)
		SITES8(8)
		SITES8(16)
		SITES8(24)
		SITES8(32)
		SITES8(40)
		SITES8(48)
		SITES8(56)
	}
}

static void *live(void *place)
{
	long me = (void **)place - blocks;

	blocks[me] = hold((size_t)me + 1);
	pthread_barrier_wait(&all);
	drop(blocks[(me + 1) % THREADS], (size_t)((me + 1) % THREADS) + 1);
	pthread_barrier_wait(&all);
	if (me < HAMMERS)
		churn(BLOWS, 100);
	else if (me < 2 * HAMMERS)
		blow((int)me - HAMMERS);
	pthread_barrier_wait(&all);
	keep(1, 7);
	return NULL;
}

int main(void)
{
	pthread_t threads[THREADS];
	pthread_attr_t attributes;

	pthread_barrier_init(&all, NULL, THREADS);
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, 65536);
	for (int i = 0; i < THREADS; i++)
		MUST(pthread_create(&threads[i], &attributes, live, &blocks[i]) == 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	say("%d threads\n", THREADS);
	return 0;
}
