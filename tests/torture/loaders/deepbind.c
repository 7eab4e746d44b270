/* SPDX-License-Identifier: MIT */
/*
 * deepbind PLUGIN: a plugin with RTLD_DEEPBIND calls the C library's malloc() and not the first one
 * there is. Some of what it makes the program frees, and some it frees itself.
 */
#include "use.h"

int main(int argc, char **argv)
{
	void *library, *blocks[20];
	churn_function *many;
	make_function *make;
	call_function *call;

	MUST(argc == 2);
	library = open_library(argv[1], RTLD_NOW | RTLD_DEEPBIND);
	make = (make_function *)plugin_function(library, argv[1], "make");
	many = (churn_function *)plugin_function(library, argv[1], "churn");
	call = (call_function *)plugin_function(library, argv[1], "call");
	many(100);
	for (int i = 0; i < 20; i++)
		MUST(blocks[i] = make());
	for (int i = 0; i < 10; i++)
		free(blocks[i]);
	for (int i = 10; i < 15; i++)
		MUST(blocks[i] = realloc(blocks[i], 3000));
	MUST(call(hold, 500));
	keep(30, 30);
	churn(30, 30);
	say("deep\n");
	return 0;
}
