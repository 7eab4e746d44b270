/* SPDX-License-Identifier: MIT */
/*
 * static_tls PLUGIN: how many libraries with initial-exec thread-local variables fit in after the
 * start. The loader keeps little room for them, which is the program's. Some are opened in a
 * thread.
 */
#include <pthread.h>

#include "use.h"

static char *plugin;

static void *open_many(void *unused)
{
	char path[64];
	int count = 0;

	for (; count < 1000; count++) {
		void *library;

		snprintf(path, sizeof(path), "./plugin%d-%s.so", count, "tls");
		copy_file(path, plugin);
		library = dlopen(path, RTLD_NOW);
		if (!library)
			break;
		MUST(((make_function *)dlsym(library, "tls_make"))());
	}
	say("%d fit in\n", count);
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	MUST(argc == 2);
	plugin = argv[1];
	MUST(pthread_create(&thread, NULL, open_many, NULL) == 0);
	pthread_join(thread, NULL);
	keep(10, 10);
	return 0;
}
