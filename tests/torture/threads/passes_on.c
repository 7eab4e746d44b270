/* SPDX-License-Identifier: MIT */
/* Blocks that go from producers to consumers: allocated in one thread and freed in another, also
 * after the first has ended. */
#include <pthread.h>

#include "torture.h"

#define PRODUCERS 4
#define CONSUMERS 3
#define EACH      20000
#define ROOM      512

static void *queue[ROOM];
static size_t sizes[ROOM];
static unsigned put, taken;
static int producing = PRODUCERS;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

static void *produce(void *unused)
{
	(void)unused;
	for (unsigned i = 0; i < EACH; i++) {
		size_t size = 16 + i % 500;
		void *block = hold(size);

		pthread_mutex_lock(&lock);
		while (put - taken == ROOM)
			pthread_cond_wait(&changed, &lock);
		queue[put % ROOM] = block;
		sizes[put++ % ROOM] = size;
		pthread_cond_broadcast(&changed);
		pthread_mutex_unlock(&lock);
	}
	pthread_mutex_lock(&lock);
	producing--;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
	return NULL;
}

static void *consume(void *unused)
{
	(void)unused;
	for (;;) {
		void *block = NULL;
		size_t size = 0;

		pthread_mutex_lock(&lock);
		while (put == taken && producing > 0)
			pthread_cond_wait(&changed, &lock);
		if (put != taken) {
			block = queue[taken % ROOM];
			size = sizes[taken++ % ROOM];
		}
		pthread_cond_broadcast(&changed);
		pthread_mutex_unlock(&lock);
		if (!block)
			return NULL;
		if (size != 16) /* those stay */
			drop(block, size);
	}
}

int main(void)
{
	pthread_t threads[PRODUCERS + CONSUMERS];

	for (int i = 0; i < PRODUCERS + CONSUMERS; i++)
		MUST(pthread_create(&threads[i], NULL, i < PRODUCERS ? produce : consume, NULL) ==
		     0);
	for (int i = 0; i < PRODUCERS + CONSUMERS; i++)
		pthread_join(threads[i], NULL);
	say("%u passed on\n", taken);
	return 0;
}
