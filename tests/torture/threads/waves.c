/* SPDX-License-Identifier: MIT */
/* waves COUNT WIDTH [detached]: so many threads, WIDTH at a time; each allocates, leaves blocks to
 * the thread after it, and ends. */
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>

#include "torture.h"

#define WIDTH_MAX 1000

static void *left[WIDTH_MAX];
static sem_t ended;
static int detached;

static void *live(void *place)
{
	void **mine = place;

	if (*mine)
		drop(*mine, 80); /* of a thread that is no more */
	*mine = hold(80);
	churn(3, 33);
	if (detached)
		sem_post(&ended);
	return NULL;
}

int main(int argc, char **argv)
{
	int count = argc > 1 ? atoi(argv[1]) : 1, width = argc > 2 ? atoi(argv[2]) : 1;
	pthread_t threads[WIDTH_MAX];
	pthread_attr_t attributes;

	detached = argc > 3;
	sem_init(&ended, 0, 0);
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, 65536);
	if (detached)
		pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	for (int made = 0; made < count; made += width) {
		for (int i = 0; i < width; i++)
			MUST(pthread_create(&threads[i], &attributes, live, &left[i]) == 0);
		for (int i = 0; i < width; i++)
			if (detached)
				sem_wait(&ended);
			else
				pthread_join(threads[i], NULL);
	}
	say("%d threads\n", count);
	return 0;
}
