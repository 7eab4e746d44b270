/* SPDX-License-Identifier: MIT */
/*
 * next_malloc PLUGIN: a program that finds malloc() by name in every way, keeps what it found, and
 * calls that: each leads to the first one there is. And it asks the loader about itself.
 */
#include <link.h>

#include "use.h"

typedef void *malloc_function(size_t);
typedef void free_function(void *);

static malloc_function *found[4];

static __attribute__((noinline)) void make_all(void)
{
	for (int i = 0; i < 4; i++)
		for (int round = 0; round < 10; round++) {
			void *volatile block = found[i](100 + (size_t)i);

			MUST(block);
			free(block);
		}
}

int main(int argc, char **argv)
{
	const char *before = dlerror(); /* nobody has failed yet */
	void *self = dlopen(NULL, RTLD_NOW), *library;
	free_function *release = (free_function *)dlsym(RTLD_NEXT, "free");
	struct link_map *map = NULL, *again = NULL;
	Dl_info info;

	MUST(argc == 2);
	say("before all: %s\n", before ? before : "no error");
	library = open_library(argv[1], RTLD_NOW);
	found[0] = (malloc_function *)dlsym(RTLD_NEXT, "malloc");
	found[1] = (malloc_function *)dlsym(RTLD_DEFAULT, "malloc");
	found[2] = (malloc_function *)dlsym(self, "malloc");
	found[3] = malloc;
	for (int i = 1; i < 4; i++)
		MUST(found[i] == found[0]);
	make_all();
	release(malloc(10));
	MUST(dlinfo(library, RTLD_DI_LINKMAP, &map) == 0 && map);
	MUST(dladdr1(plugin_function(library, argv[1], "make"), &info, (void **)&again,
		     RTLD_DL_LINKMAP) &&
	     again == map);
	MUST(strcmp(info.dli_fname, argv[1]) == 0);
	MUST(!dlsym(RTLD_DEFAULT, "no_such_symbol") && dlerror() && !dlerror());
	MUST(!dlopen("./no-such-library.so", RTLD_NOW));
	say("%d\n", strstr(dlerror(), "no-such-library") != NULL);
	MUST(dlclose(library) == 0 && dlclose(self) == 0);
	keep(3, 33);
	return 0;
}
