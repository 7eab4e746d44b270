/* SPDX-License-Identifier: MIT */
/*
 * dies FACTS HOW: every way out of a process, with a heap that is known to the last byte.
 * The way of the end must not change, and nothing of the heap may be missing in the trace.
 */
#include <signal.h>

#include "target.h"

static int target_argc;
static char **target_argv;

static void handle(int number)
{
	(void)number;
	_exit(33);
}

static void note(void)
{
	facts_write(target_argc, target_argv);
}

static int leave(const char *how)
{
	if (!strcmp(how, "exit"))
		exit(7);
	if (!strcmp(how, "_exit"))
		_exit(8);
	if (!strcmp(how, "_Exit"))
		_Exit(9);
	if (!strcmp(how, "quick_exit"))
		quick_exit(10);
	if (!strcmp(how, "abort"))
		abort();
	if (!strcmp(how, "segv")) {
		*(volatile int *)8 = 1;
	}
	if (!strcmp(how, "handled")) {
		signal(SIGTERM, handle);
		raise(SIGTERM);
	}
	if (!strcmp(how, "ignored")) {
		signal(SIGTERM, SIG_IGN);
		raise(SIGTERM);
		return 12;
	}
	if (!strcmp(how, "restored")) {
		/* The old disposition is the default, as far as the program can tell. */
		if (signal(SIGTERM, handle) != SIG_DFL || signal(SIGTERM, SIG_DFL) != handle)
			return 99;
		raise(SIGTERM);
	}
	if (!strcmp(how, "blocked")) {
		sigset_t all;

		sigfillset(&all);
		sigprocmask(SIG_BLOCK, &all, NULL);
		raise(SIGTERM);
		return 13;
	}
	if (how[0] >= '0' && how[0] <= '9')
		raise(atoi(how));
	return 11;
}

int main(int argc, char **argv)
{
	const char *how = argc > 2 ? argv[2] : "return";

	target_argc = argc;
	target_argv = argv;
	for (int i = 1; i <= 50; i++)
		MALLOC(i);
	FREE(MALLOC(12345));
	note();
	return leave(how);
}
