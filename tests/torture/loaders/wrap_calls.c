/* SPDX-License-Identifier: MIT */
/*
 * A library to be preloaded that stands before functions of the system and allocates in each. It
 * counts the calls of some, which are as many whoever else is there.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

unsigned wrapped_calls(void);

static unsigned calls;
static void *(*next_dlsym)(void *handle, const char *name);

static void *next(const char *name)
{
	if (!next_dlsym)
		next_dlsym =
			(void *(*)(void *, const char *))dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.34");
	return next_dlsym(RTLD_NEXT, name);
}

static void note(int counts)
{
	void *volatile block = malloc(71);

	free(block);
	calls += counts != 0;
}

unsigned wrapped_calls(void)
{
	return calls;
}

#define WRAP(result, name, parameters, arguments, counts) \
	result name parameters; \
	result name parameters \
	{ \
		static result(*real) parameters; \
\
		if (!real) \
			real = (result(*) parameters)next(#name); \
		note(counts); \
		return real arguments; \
	}

/* Whose next is meant, the real one sees from where it returns to: this must be a jump. */
void *dlsym(void *handle, const char *name)
{
	if (!next_dlsym)
		next("dlsym");
	note(0);
	return next_dlsym(handle, name);
}

WRAP(void *, dlopen, (const char *path, int flags), (path, flags), 1)
WRAP(int, dlclose, (void *library), (library), 1)
WRAP(int, fork, (void), (), 1)
WRAP(int, sigaction, (int number, const struct sigaction *action, struct sigaction *old),
     (number, action, old), 0)
WRAP(sighandler_t, signal, (int number, sighandler_t handler), (number, handler), 0)
WRAP(void *, mmap, (void *at, size_t size, int protection, int flags, int fd, off_t offset),
     (at, size, protection, flags, fd, offset), size == 100000)
WRAP(int, munmap, (void *at, size_t size), (at, size), size == 100000)
WRAP(int, open, (const char *path, int flags, int mode), (path, flags, mode), 0)
WRAP(int, close, (int fd), (fd), 0)
WRAP(ssize_t, write, (int fd, const void *bytes, size_t size), (fd, bytes, size), 0)
WRAP(int, getpid, (void), (), 0)
WRAP(int, pthread_create,
     (pthread_t * thread, const pthread_attr_t *how, void *(*start)(void *), void *argument),
     (thread, how, start, argument), 1)
