/* SPDX-License-Identifier: MIT */
/*
 * The interposed ways to leave a process image: exit(), which ends the trace by a handler, and
 * without it, _exit(), daemon() and the exec family. The trace is completed before; one that fails
 * takes its end back.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include "export.h"
#include "leave.h"
#include "process.h"
#include "real.h"

/* Ends the trace, calls, and carries on if that failed. */
#define LEAVE(how, call) \
	do { \
		bool ended = process_leave(how); \
		int result = (call), error = errno; \
\
		if (ended) \
			process_stayed(); \
		errno = error; \
		return result; \
	} while (0)

HEAPMARK_EXPORT void exit(int status)
{
	real_resolve();
	leave_by_end(real.exit, status);
	real.exit(status);
	__builtin_unreachable();
}

HEAPMARK_EXPORT void quick_exit(int status)
{
	real_resolve();
	leave_by_end(real.quick_exit, status);
	real.quick_exit(status);
	__builtin_unreachable();
}

HEAPMARK_EXPORT void _exit(int status)
{
	leave_by_end(_exit, status);
	process_end(HEAPMARK_END_EXIT_NOW, status);
	real_resolve();
	real._exit(status);
	__builtin_unreachable();
}

/* The parent leaves from inside it; the child's trace is one of its own. */
HEAPMARK_EXPORT int daemon(int stay, int keep)
{
	real_resolve();
	LEAVE(HEAPMARK_END_EXIT_NOW, real.daemon(stay, keep));
}

HEAPMARK_EXPORT void _Exit(int status)
{
	_exit(status);
}

HEAPMARK_EXPORT int execve(const char *path, char *const argv[], char *const envp[])
{
	real_resolve();
	LEAVE(HEAPMARK_END_EXEC, real.execve(path, argv, envp));
}

HEAPMARK_EXPORT int execv(const char *path, char *const argv[])
{
	return execve(path, argv, environ);
}

HEAPMARK_EXPORT int execvpe(const char *file, char *const argv[], char *const envp[])
{
	real_resolve();
	LEAVE(HEAPMARK_END_EXEC, real.execvpe(file, argv, envp));
}

HEAPMARK_EXPORT int execvp(const char *file, char *const argv[])
{
	return execvpe(file, argv, environ);
}

HEAPMARK_EXPORT int fexecve(int fd, char *const argv[], char *const envp[])
{
	real_resolve();
	LEAVE(HEAPMARK_END_EXEC, real.fexecve(fd, argv, envp));
}

HEAPMARK_EXPORT int execveat(int dir, const char *path, char *const argv[], char *const envp[],
			     int flags)
{
	real_resolve();
	if (!real.execveat) {
		errno = ENOSYS;
		return -1;
	}
	LEAVE(HEAPMARK_END_EXEC, real.execveat(dir, path, argv, envp, flags));
}

/* The variadic ones: their arguments, up to the NULL, become an array on the stack. */

static size_t count_arguments(va_list arguments)
{
	size_t count = 1; /* the NULL */

	while (va_arg(arguments, char *))
		count++;
	return count;
}

#define COLLECT(first, argv) \
	va_list list; \
	size_t count; \
\
	va_start(list, first); \
	count = count_arguments(list) + 1; \
	va_end(list); \
	char **argv = __builtin_alloca(count * sizeof(*argv)); \
	argv[0] = (char *)(first); \
	va_start(list, first); \
	for (size_t i = 1; i < count; i++) \
		argv[i] = va_arg(list, char *);

HEAPMARK_EXPORT int execl(const char *path, const char *first, ...)
{
	COLLECT(first, argv)
	va_end(list);
	return execve(path, argv, environ);
}

HEAPMARK_EXPORT int execlp(const char *file, const char *first, ...)
{
	COLLECT(first, argv)
	va_end(list);
	return execvpe(file, argv, environ);
}

HEAPMARK_EXPORT int execle(const char *path, const char *first, ...)
{
	char *const *envp;

	COLLECT(first, argv)
	envp = va_arg(list, char *const *);
	va_end(list);
	return execve(path, argv, envp);
}
