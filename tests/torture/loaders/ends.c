/* SPDX-License-Identifier: MIT */
/*
 * ends LIBRARY PLUGIN: what may happen inside of dlclose(), in a destructor: another library is
 * loaded and unloaded, threads allocate and end, the process forks and both go on, it exits.
 */
#include <pthread.h>
#include <sys/wait.h>

#include "use.h"

static const char *plugin;
static pid_t child;

static void use_plugin(void)
{
	void *library = open_library(plugin, RTLD_NOW);

	free(((make_function *)plugin_function(library, plugin, "make"))());
	MUST(dlclose(library) == 0);
	churn(3, 30);
}

static void *thread(void *unused)
{
	churn(5, 35);
	keep(1, 40);
	return unused;
}

static void use_threads(void)
{
	pthread_t threads[4];

	for (int i = 0; i < 4; i++)
		MUST(pthread_create(&threads[i], NULL, thread, NULL) == 0);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
}

static void split(void)
{
	child = fork();
	MUST(child >= 0);
	keep(2, 50);
	use_plugin();
}

static void finish(void)
{
	keep(3, 60);
	exit(5);
}

static void unload(const char *path, void (*inside)(void))
{
	void *library = open_library(path, RTLD_NOW);
	void (*set)(void (*)(void)) = (void (*)(void (*)(void)))dlsym(library, "ends_set");

	MUST(set);
	set(inside);
	MUST(dlclose(library) == 0);
	keep(1, 70);
}

int main(int argc, char **argv)
{
	int status;

	MUST(argc == 3);
	plugin = argv[2];
	unload(argv[1], use_plugin);
	unload(argv[1], use_threads);
	unload(argv[1], split);
	if (child == 0) {
		unload(argv[1], use_threads);
		keep(4, 80);
		return 7;
	}
	MUST(waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 7);
	unload(argv[1], use_plugin);
	say("going\n");
	unload(argv[1], finish);
	return 1;
}
