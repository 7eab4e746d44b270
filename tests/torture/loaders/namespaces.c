/* SPDX-License-Identifier: MIT */
/*
 * namespaces PLUGIN: plugins in namespaces of their own, with C libraries of their own, whose heap
 * nobody else sees. They also call back into the program, which allocates under them.
 */
#include <link.h>

#include "use.h"

#define NAMESPACES 3

int main(int argc, char **argv)
{
	void *libraries[NAMESPACES], *blocks[NAMESPACES];

	MUST(argc == 2);
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < NAMESPACES; i++) {
			Lmid_t namespace = -1;
			make_function *make;
			call_function *call;
			churn_function *many;

			libraries[i] = dlmopen(LM_ID_NEWLM, argv[1], RTLD_NOW);
			MUST(libraries[i]);
			MUST(dlinfo(libraries[i], RTLD_DI_LMID, &namespace) == 0);
			make = (make_function *)plugin_function(libraries[i], argv[1], "make");
			call = (call_function *)plugin_function(libraries[i], argv[1], "call");
			many = (churn_function *)plugin_function(libraries[i], argv[1], "churn");
			MUST(make());
			many(1000);
			blocks[i] = call(hold, 123);
			say("namespace %ld\n", (long)namespace);
		}
		for (int i = 0; i < NAMESPACES; i++) {
			MUST(dlclose(libraries[i]) == 0);
			if (i % 2)
				drop(blocks[i], 123);
		}
		churn(10, 10);
	}
	return 0;
}
