/* SPDX-License-Identifier: MIT */
/*
 * replaced HOW FIRST SECOND: plugins whose file is not what it was when somebody reads the trace.
 *
 *   replaced   the first is unloaded, and another of the same name loaded
 *   beside     the second is loaded under the same name while the first is still there
 *   deleted    both are deleted while they are loaded
 *   memory     their files have no name: they are in memory
 */
#include <sys/mman.h>

#include "use.h"

static void *use(void *library, const char *plugin, unsigned count)
{
	churn_function *many = (churn_function *)plugin_function(library, plugin, "churn");
	make_function *make = (make_function *)plugin_function(library, plugin, "make");

	many(count);
	MUST(make());
	return library;
}

static void *load_memory(const char *plugin)
{
	int made = memfd_create("plugin", MFD_CLOEXEC), fd = fcntl(made, F_DUPFD_CLOEXEC, 50);
	char path[64];

	close(made);
	copy_into(fd, plugin);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return open_library(path, RTLD_NOW); /* the descriptor stays */
}

static void *load_file(const char *file, const char *plugin)
{
	copy_file("fresh", plugin);
	MUST(rename("fresh", file) == 0);
	return open_library(file, RTLD_NOW);
}

int main(int argc, char **argv)
{
	char how;
	void *first;

	MUST(argc == 4);
	how = argv[1][0];
	first = use(how == 'm' ? load_memory(argv[2]) : load_file("./plugin.so", argv[2]), argv[2],
		    10);
	if (how == 'r')
		MUST(dlclose(first) == 0);
	use(how == 'm'
		    ? load_memory(argv[3])
		    : load_file(how == 'd'   ? "./other.so"
				: how == 'b' ? ".//plugin.so" /* or it is the same to the loader */
					     : "./plugin.so",
				argv[3]),
	    argv[3], 20);
	if (how == 'd')
		MUST(unlink("plugin.so") == 0 && unlink("other.so") == 0);
	keep(5, 60);
	churn(7, 70);
	say("%s\n", argv[1]);
	return 0;
}
