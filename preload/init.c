/* SPDX-License-Identifier: MIT */
/*
 * The start, in two steps: the library's constructor, which runs before any other library's (it is
 * linked with -z initfirst), so that what their constructors allocate is seen; and the last moment
 * before main(). Libraries cannot be loaded in the first: the C library itself would be
 * initialized by that, and with neither arguments nor environment.
 */
#include <stddef.h>
#include <string.h>

#include "capture/capture.h"
#include "config.h"
#include "export.h"
#include "facts.h"
#include "live.h"
#include "log.h"
#include "mem.h"
#include "modules.h"
#include "process.h"
#include "real.h"
#include "signals.h"
#include "thread.h"

#define LIBRARY "libheapmark.so"

/* Without --follow the programs that this one starts shall not be recorded: they are told nothing
 * of us. Other libraries that are preloaded stay. */
static void drop_from_list(char *list)
{
	char *to = list;

	for (char *from = list; *from;) {
		size_t length = strcspn(from, ": ");
		size_t with_separator = length + (from[length] != '\0');
		bool ours = memmem(from, length, LIBRARY, strlen(LIBRARY)) != NULL;

		if (!ours) {
			memmove(to, from, with_separator);
			to += with_separator;
		}
		from += with_separator;
	}
	*to = '\0';
}

static void hide_from_children(char **environment)
{
	char **to = environment;

	for (char **from = environment; *from; from++) {
		if (strncmp(*from, "HEAPMARK=", 9) == 0)
			continue;
		if (strncmp(*from, "LD_PRELOAD=", 11) == 0)
			drop_from_list(*from + 11);
		*to++ = *from;
	}
	*to = NULL;
}

/* What loading allocates in the program's heap is our doing, not the program's. */
static void load_unwinder(void)
{
	struct thread *self = thread_enter();

	if (!self)
		return;
	self->own_work = true;
	capture_load();
	self->own_work = false;
	thread_leave(self);
}

/* A program under a tight limit needs what there is itself. */
static bool has_memory(void)
{
	if (mem_is_ample() && capture_start())
		return true;
	log_say(LOG_MEMORY, "too little memory may be had here; the program runs on unrecorded",
		NULL);
	return false;
}

int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv, void (*init)(void),
		      void (*fini)(void), void (*loader_fini)(void), void *stack_end);

HEAPMARK_EXPORT int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv,
				      void (*init)(void), void (*fini)(void),
				      void (*loader_fini)(void), void *stack_end)
{
	load_unwinder();
	return real.__libc_start_main(main, argc, argv, init, fini, loader_fini, stack_end);
}

__attribute__((constructor)) static void start(int argument_count, char **arguments,
					       char **environment)
{
	int saved_errno = errno;

	real_resolve();
	log_start();
	config_read(environment);
	facts_read(argument_count, arguments, environment);
	modules_refresh();
	modules_locate_allocator();
	real_is_libc = modules_allocator_is_libc();
	if (real_is_libc)
		live_blocks_are_apart();
	if (config.sample)
		live_blocks_are_few();
	signals_start(has_memory() && process_begin(signals_do_pending));
	real_mode = config.sample ? REAL_SAMPLED : REAL_USUAL;
	if (!config.follow)
		hide_from_children(environment);
	errno = saved_errno;
}
