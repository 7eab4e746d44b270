/* SPDX-License-Identifier: MIT */
/*
 * plugins ALPHA BETA: loads a library, unloads it, and loads another, most likely where the first
 * was. The one must not inherit the other's names. See test_plugins.py.
 */
#include <dlfcn.h>

#include "target.h"

typedef void *make(void);

static void *use(const char *path, const char *function)
{
	void *library = dlopen(path, RTLD_NOW);
	make *call = library ? (make *)dlsym(library, function) : NULL;

	if (!call || !call() || dlclose(library) != 0)
		_exit(1);
	return *(void **)&call;
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return 2;
	for (int i = 0; i < 3; i++) {
		void *first = use(argv[1], "alpha_make"), *second = use(argv[2], "beta_make");

		facts_print(1, "%s\n", first == second ? "same address" : "other address");
	}
	return 0;
}
