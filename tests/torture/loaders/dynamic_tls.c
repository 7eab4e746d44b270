/* SPDX-License-Identifier: MIT */
/*
 * dynamic_tls PLUGIN: megabytes of thread-local variables, of libraries loaded after the start. The
 * loader allocates them in each thread when it first touches them, in the middle of a function.
 */
#include <pthread.h>

#include "use.h"

#define THREADS 8

static void *library[3];

static void *touch(void *unused)
{
	for (int i = 0; i < 3; i++)
		for (int round = 0; round < 2; round++)
			MUST(((make_function *)dlsym(library[i], "tls_make"))());
	churn(10, 100);
	drop(hold(200), 200);
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
	for (int i = 0; i < THREADS; i++)
		MUST(pthread_create(&threads[i], NULL, touch, NULL) == 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	touch(NULL);
	keep(10, 10);
	for (int i = 0; i < 3; i++)
		MUST(dlclose(library[i]) == 0);
	say("%d threads\n", THREADS);
	return 0;
}
