/* SPDX-License-Identifier: MIT */
/* The interposed ways in which a process forbids itself system calls (seccomp): the recording ends
 * before, as the filter may be fatal to whoever tries one. */
#include <errno.h>
#include <linux/seccomp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "atomic.h"
#include "export.h"
#include "process.h"
#include "real.h"
#include "signals.h"

/* Around what may forbid the process system calls. */
static bool confinement_begin(void)
{
	bool recorded = process_confine();

	if (recorded)
		signals_stop();
	return recorded;
}

static void confinement_failed(void)
{
	int error = errno;

	process_unconfined();
	signals_start(true);
	errno = error;
}

/* Only one of its options is of interest, and all arguments are numbers. */
HEAPMARK_EXPORT int prctl(int option, ...)
{
	unsigned long given[4];
	bool recorded;
	va_list list;
	int result;

	va_start(list, option);
	for (size_t i = 0; i < sizeof(given) / sizeof(*given); i++)
		given[i] = va_arg(list, unsigned long);
	va_end(list);
	real_resolve();
	recorded = option == PR_SET_SECCOMP && (given[0] != SECCOMP_MODE_FILTER || given[1]) &&
		   confinement_begin();
	result = real.prctl(option, given[0], given[1], given[2], given[3]);
	if (recorded && result != 0)
		confinement_failed();
	return result;
}

#if defined(__x86_64__)

static long seccomp(long operation, long flags, long filter)
{
	bool shuts_in = operation == SECCOMP_SET_MODE_STRICT ||
			(operation == SECCOMP_SET_MODE_FILTER && filter); /* none: it asks */
	bool recorded = shuts_in && confinement_begin();
	long result = real.syscall(SYS_seccomp, operation, flags, filter, 0, 0, 0);
	bool done = result == 0 || (result > 0 && flags & SECCOMP_FILTER_FLAG_NEW_LISTENER);

	if (recorded && !done)
		confinement_failed();
	return result;
}

/* The two that are of interest. The C library has no function for seccomp(). */
static __attribute__((used)) NOINLINE long confining_call(long number, long a, long b, long c,
							  long d, long e)
{
	if (number == SYS_prctl)
		return prctl((int)a, b, c, d, e);
	return seccomp(a, b, c);
}

/* Everything else that is called by its number goes on as it came, and by a jump: a compiler's tail
 * call would write the seventh argument back to the stack, where it is one of the caller's
 * variables if the caller gave fewer. (On other machines, our own calls go this way, too.) */
HEAPMARK_EXPORT long hook_syscall(void) __asm__("syscall");

__attribute__((naked)) long hook_syscall(void)
{
	__asm__("cmp %0, %%rdi\n\t"
		"je %P3\n\t"
		"cmp %1, %%rdi\n\t"
		"je %P3\n\t"
		"jmp *%c2(%%rip)"
		:
		: "i"(SYS_seccomp), "i"(SYS_prctl), "i"(&real.syscall), "i"(confining_call));
}

#endif
