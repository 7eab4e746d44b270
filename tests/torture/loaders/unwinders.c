/* SPDX-License-Identifier: MIT */
/*
 * The unwinders that a program calls are its own: from the start, in signal handlers on stacks of
 * their own, under dl_iterate_phdr(), and in between its allocations. It prints where their code is
 * and how deep they come.
 */
#include <dlfcn.h>
#include <execinfo.h>
#include <link.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unwind.h>

#include "torture.h"

#define DEPTH 10

#ifdef WITH_LIBUNWIND
#define UNW_LOCAL_ONLY
#include <libunwind.h>

static int walk_libunwind(void)
{
	unw_context_t context;
	unw_cursor_t cursor;
	int depth = 0;

	MUST(unw_getcontext(&context) == 0 && unw_init_local(&cursor, &context) == 0);
	while (unw_step(&cursor) > 0)
		depth++;
	return depth;
}
#else
static int walk_libunwind(void)
{
	return 0;
}
#endif

static _Unwind_Reason_Code count(struct _Unwind_Context *context, void *depth)
{
	(void)context;
	drop(hold(10), 10);
	++*(int *)depth;
	return _URC_NO_REASON;
}

static int visit(struct dl_phdr_info *info, size_t size, void *libraries)
{
	void *frames[64];

	(void)info, (void)size;
	drop(hold(20), 20);
	churn(2, 30);
	MUST(backtrace(frames, 64) > 3);
	++*(int *)libraries;
	return 0;
}

static __attribute__((noinline)) void say_depths(const char *where)
{
	void *frames[64];
	int depth = 0, libraries = 0;

	_Unwind_Backtrace(count, &depth);
	dl_iterate_phdr(visit, &libraries);
	MUST(libraries > 2);
	say("%s: backtrace %d, _Unwind_Backtrace %d, libunwind %d\n", where, backtrace(frames, 64),
	    depth, walk_libunwind());
}

static __attribute__((noinline)) void descend(int depth, const char *where)
{
	keep(1, 11);
	if (depth > 0)
		descend(depth - 1, where);
	else
		say_depths(where);
	keep(1, 12);
}

static void handle(int number)
{
	(void)number;
	descend(DEPTH, "handler");
}

static void say_home(const char *name, const void *function)
{
	Dl_info info;
	const char *slash;

	MUST(dladdr(function, &info));
	slash = strrchr(info.dli_fname, '/');
	say("%s is in %s\n", name, slash ? slash + 1 : info.dli_fname);
}

__attribute__((constructor)) static void at_start(void)
{
	descend(DEPTH, "constructor");
}

int main(void)
{
	static char stack[1 << 17];
	stack_t other = {.ss_sp = stack, .ss_size = sizeof(stack)};
	struct sigaction action = {.sa_handler = handle, .sa_flags = SA_ONSTACK};

	say_home("backtrace", dlsym(RTLD_DEFAULT, "backtrace"));
	say_home("_Unwind_Backtrace", dlsym(RTLD_DEFAULT, "_Unwind_Backtrace"));
	say_home("_Unwind_RaiseException", dlsym(RTLD_DEFAULT, "_Unwind_RaiseException"));
	say("unw_backtrace is %s\n", dlsym(RTLD_DEFAULT, "unw_backtrace") ? "there" : "not there");
	say("lzma_crc32 is %s\n", dlsym(RTLD_DEFAULT, "lzma_crc32") ? "there" : "not there");
	say("deflate is %s\n", dlsym(RTLD_DEFAULT, "deflate") ? "there" : "not there");
	descend(DEPTH, "main");
	MUST(sigaltstack(&other, NULL) == 0 && sigaction(SIGUSR1, &action, NULL) == 0);
	for (int i = 0; i < 3; i++)
		MUST(raise(SIGUSR1) == 0);
	return 0;
}
