/* SPDX-License-Identifier: MIT */
/*
 * phdr_loop PLUGIN: threads that allocate while they hold the loader's lock (in callbacks of
 * dl_iterate_phdr), others that load and unload, others that unwind, and others that start and end.
 */
#include <execinfo.h>
#include <link.h>
#include <pthread.h>
#include <stdatomic.h>

#include "use.h"

#define ROUNDS 300

static const char *plugin;

static int visit(struct dl_phdr_info *info, size_t size, void *unused)
{
	(void)info, (void)size, (void)unused;
	drop(hold(100), 100);
	churn(1, 200);
	return 0;
}

static void *list(void *unused)
{
	for (int i = 0; i < ROUNDS; i++)
		dl_iterate_phdr(visit, NULL);
	return unused;
}

static void *load(void *unused)
{
	for (int i = 0; i < ROUNDS; i++) {
		void *library = open_library(plugin, RTLD_NOW);
		call_function *call = (call_function *)plugin_function(library, plugin, "call");

		drop(call(hold, 33), 33);
		MUST(dlclose(library) == 0);
	}
	return unused;
}

static void *unwind(void *unused)
{
	void *frames[32];
	Dl_info info;

	for (int i = 0; i < ROUNDS; i++) {
		MUST(backtrace(frames, 32) > 1 && dladdr(frames[0], &info));
		keep(1, 10);
	}
	return unused;
}

static void *allocate(void *unused)
{
	churn(5, 55);
	return unused;
}

static void *begin(void *unused)
{
	pthread_t thread;

	for (int i = 0; i < ROUNDS; i++) {
		MUST(pthread_create(&thread, NULL, allocate, NULL) == 0);
		pthread_join(thread, NULL);
	}
	return unused;
}

int main(int argc, char **argv)
{
	void *(*const work[])(void *) = {list, load, unwind, begin, list, load};
	pthread_t threads[6];

	MUST(argc == 2);
	plugin = argv[1];
	for (int i = 0; i < 6; i++)
		MUST(pthread_create(&threads[i], NULL, work[i], NULL) == 0);
	for (int i = 0; i < 6; i++)
		pthread_join(threads[i], NULL);
	say("all six\n");
	return 0;
}
