/* SPDX-License-Identifier: MIT */
/* libunwind, loaded so that nobody else sees it; see unwind.h. */
#include "capture/unwind.h"

#include <dlfcn.h>
#include <stddef.h>

#include "fd.h"
#include "log.h"

static int (*backtrace_function)(void **frames, int room);

void unwind_start(void)
{
	void *library = dlopen("libunwind.so.8", RTLD_NOW | RTLD_LOCAL);
	void *frames[4];

	if (library)
		backtrace_function =
			(__typeof__(backtrace_function))dlsym(library, "unw_backtrace");
	if (!backtrace_function) {
		log_say(LOG_UNWINDER,
			"libunwind.so.8 was not found, so call stacks end at the immediate caller; "
			"install the package libunwind8",
			NULL);
		return;
	}
	/* Its first use opens a pipe, which must not take the numbers the program counts on. */
	fd_fill_low();
	backtrace_function(frames, 4);
	fd_free_low();
}

uint32_t unwind_stack(void **frames, uint32_t room)
{
	int count = backtrace_function ? backtrace_function(frames, (int)room) : 0;

	return count > 0 ? (uint32_t)count : 0;
}
