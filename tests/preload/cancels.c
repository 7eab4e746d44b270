/* SPDX-License-Identifier: MIT */
/*
 * Threads that are cancelled while they do nothing but allocate, at a point of their own: malloc()
 * must not become one. Each sees its round through, so the count is known.
 */
#include "target.h"

#include <pthread.h>
#include <unistd.h>

#define ROUNDS  50
#define THREADS 4

static _Thread_local int inside;
static _Atomic int cancelled_inside;

static void ended(void *unused)
{
	(void)unused;
	if (inside)
		cancelled_inside++;
}

static void *allocate(void *unused)
{
	(void)unused;
	pthread_cleanup_push(ended, NULL);
	for (;;) {
		inside = 1;
		for (int i = 0; i < 100; i++)
			free(realloc(malloc(1000), 3000));
		inside = 0;
		pthread_testcancel();
	}
	pthread_cleanup_pop(0);
	return NULL;
}

int main(void)
{
	pthread_t threads[THREADS];

	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < THREADS; i++)
			pthread_create(&threads[i], NULL, allocate, NULL);
		usleep(2000);
		for (int i = 0; i < THREADS; i++)
			pthread_cancel(threads[i]);
		for (int i = 0; i < THREADS; i++)
			pthread_join(threads[i], NULL);
	}
	printf("cancelled inside malloc: %d\n", cancelled_inside);
	return 0;
}
