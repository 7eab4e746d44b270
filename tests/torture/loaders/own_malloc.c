/* SPDX-License-Identifier: MIT */
/*
 * An allocator in the program itself: exported, as one that a program brings along is;
 * or (OWN_HIDDEN) for itself alone, while libraries use the C library's.
 */
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "torture.h"

#ifdef OWN_HIDDEN
#define OWN __attribute__((visibility("hidden")))
#else
#define OWN
#endif

#define ROOM ((size_t)4 << 20)

static char room[ROOM] __attribute__((aligned(64)));
static size_t used;

/* Such an allocator starts itself when it is first called, whoever calls it. */
static void start(void)
{
	static int started;
	struct sigaction action;

	if (started++ == 0 && sigaction(SIGUSR1, NULL, &action) == 0) {
		action.sa_handler = SIG_IGN;
		sigaction(SIGUSR1, &action, NULL);
	}
}

static void *take(size_t align, size_t size)
{
	size_t at = (__atomic_fetch_add(&used, size + align + 80, __ATOMIC_RELAXED) + 16 + align) &
		    ~(align - 1);

	start();
	if (size > ROOM || at + size > ROOM)
		return NULL;
	memcpy(room + at - 16, &size, sizeof(size));
	return room + at;
}

OWN void *malloc(size_t size)
{
	return take(64, size);
}

OWN void *calloc(size_t count, size_t size)
{
	return take(64, count * size); /* nothing is used twice */
}

OWN void *realloc(void *old, size_t size)
{
	void *block = take(64, size);
	size_t had = 0;

	if (old)
		memcpy(&had, (char *)old - 16, sizeof(had));
	if (block && old)
		memcpy(block, old, had < size ? had : size);
	return block;
}

OWN void free(void *block)
{
	if (block && ((char *)block < room || (char *)block >= room + ROOM))
		_exit(97);
}

OWN void *aligned_alloc(size_t align, size_t size)
{
	return take(align < 64 ? 64 : align, size);
}

OWN void *memalign(size_t align, size_t size)
{
	return aligned_alloc(align, size);
}

OWN int posix_memalign(void **block, size_t align, size_t size)
{
	*block = aligned_alloc(align, size);
	return *block ? 0 : 12;
}

int main(void)
{
	char *line = malloc(10), *bigger = realloc(line, 100);

	expect_trace(TRACE_RACING); /* what is served by the program's own need not be seen */
	MUST(bigger && posix_memalign((void **)&line, 256, 30) == 0);
	free(line);
	free(bigger);
	keep(5, 50);
	churn(6, 60);
#ifndef OWN_HIDDEN
	/* The C library's own allocations come here, too. */
	MUST(asprintf(&line, "%0100d", 7) == 100);
	free(line);
	line = NULL;
	used += 64;
#endif
	MUST(raise(SIGUSR1) == 0);
	printf("own\n");
	return 0;
}
