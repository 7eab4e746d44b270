/* SPDX-License-Identifier: MIT */
/*
 * open_loop turns|threads|together COUNT PLUGIN...: loads, calls and unloads, COUNT times each, the
 * plugins one after another; each of them in a thread of its own; or the first of them in as many
 * threads as there are. Other threads allocate all the while.
 */
#include <pthread.h>
#include <stdatomic.h>

#include "use.h"

#define OTHERS 2

static unsigned count;
static atomic_bool done;

static void use(const char *path, int number)
{
	static const int flags[] = {RTLD_NOW | RTLD_LOCAL, RTLD_LAZY | RTLD_GLOBAL,
				    RTLD_LAZY | RTLD_LOCAL, RTLD_NOW | RTLD_GLOBAL};
	void *library = open_library(path, flags[number % 4]);
	make_function *make = (make_function *)plugin_function(library, path, "make");
	churn_function *many = (churn_function *)plugin_function(library, path, "churn");
	call_function *call = (call_function *)plugin_function(library, path, "call");
	void *block = make();
	void *held = call(hold, 24);

	many(3);
	MUST(dlclose(library) == 0);
	free(block);
	drop(held, 24);
}

static void *use_often(void *path)
{
	for (unsigned i = 0; i < count; i++)
		use(path, (int)i);
	return NULL;
}

static void *allocate(void *unused)
{
	while (!atomic_load(&done)) {
		drop(hold(40), 40);
		churn(10, 50);
	}
	return unused;
}

static void use_in_turns(char **paths, int plugins)
{
	for (unsigned i = 0; i < count; i++)
		for (int at = 0; at < plugins; at++)
			use(paths[at], (int)i);
}

static void use_in_threads(char **paths, int plugins, int each)
{
	pthread_t threads[16];

	MUST(plugins <= 16);
	for (int at = 0; at < plugins; at++)
		MUST(pthread_create(&threads[at], NULL, use_often, paths[at * each]) == 0);
	for (int at = 0; at < plugins; at++)
		pthread_join(threads[at], NULL);
}

int main(int argc, char **argv)
{
	pthread_t others[OTHERS];

	MUST(argc > 3);
	count = (unsigned)atoi(argv[2]);
	for (int i = 0; i < OTHERS; i++)
		MUST(pthread_create(&others[i], NULL, allocate, NULL) == 0);
	if (strcmp(argv[1], "turns") == 0)
		use_in_turns(argv + 3, argc - 3);
	else
		use_in_threads(argv + 3, argc - 3, argv[1][1] == 'h');
	atomic_store(&done, 1);
	for (int i = 0; i < OTHERS; i++)
		pthread_join(others[i], NULL);
	keep(3, 77);
	say("%s, %u times\n", argv[1], count);
	return 0;
}
