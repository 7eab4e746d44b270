/* SPDX-License-Identifier: MIT */
/* many_libraries COUNT PLUGIN: so many libraries at once, each a file of its own, called in turns;
 * half of them go away again, and more come. */
#include "use.h"

#define MOST 1000

int main(int argc, char **argv)
{
	static void *libraries[MOST];
	char path[64];
	int count;

	MUST(argc == 3);
	count = atoi(argv[1]);
	MUST(count <= MOST);
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < count; i++) {
			if (libraries[i])
				continue;
			snprintf(path, sizeof(path), "./plugin%d-%d.so", round, i);
			copy_file(path, argv[2]);
			libraries[i] = open_library(path, RTLD_NOW | (i % 2 ? RTLD_GLOBAL : 0));
		}
		for (int i = 0; i < 3 * count; i++) {
			void *library = libraries[(i * 37) % count];

			MUST(((make_function *)plugin_function(library, argv[2], "make"))());
			drop(((call_function *)plugin_function(library, argv[2], "call"))(hold, 9),
			     9);
		}
		for (int i = 0; round == 0 && i < count; i += 2) {
			MUST(dlclose(libraries[i]) == 0);
			libraries[i] = NULL;
		}
	}
	say("%d libraries\n", count);
	return 0;
}
