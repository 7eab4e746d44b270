/* SPDX-License-Identifier: MIT */
/*
 * dynamic_tls PLUGIN: megabytes of thread-local variables, of libraries loaded after the start. The
 * loader allocates them in each thread when it first touches them, in the middle of a function. All
 * threads meet when they hold most, so that the peak does not depend on who counts it.
 */
#include <pthread.h>

#include "use.h"

#define THREADS 8

static void *library[3];
static pthread_barrier_t meeting;

static void touch(void)
{
	for (int i = 0; i < 3; i++)
		for (int round = 0; round < 2; round++)
			MUST(((make_function *)dlsym(library[i], "tls_make"))());
	churn(10, 100);
}

static void *touch_together(void *unused)
{
	void *block;

	touch();
	block = hold(200);
	pthread_barrier_wait(&meeting);
	drop(block, 200);
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS];
	char path[64];

	MUST(argc == 2);
	for (int i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "./plugin%d.so", i);
		copy_file(path, argv[1]);
		library[i] = open_library(path, RTLD_NOW);
	}
	MUST(pthread_barrier_init(&meeting, NULL, THREADS) == 0);
	for (int i = 0; i < THREADS; i++)
		MUST(pthread_create(&threads[i], NULL, touch_together, NULL) == 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	touch();
	keep(10, 10);
	for (int i = 0; i < 3; i++)
		MUST(dlclose(library[i]) == 0);
	say("%d threads\n", THREADS);
	return 0;
}
