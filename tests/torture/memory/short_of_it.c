/* SPDX-License-Identifier: MIT */
/* short_of_it HOW: heap calls that fail, and a program that goes on and succeeds later. */
#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "torture.h"

#define MIB ((size_t)1 << 20)

static struct rlimit before;

/* So much address space is used now. */
static size_t address_space(void)
{
	unsigned long pages = 0;
	FILE *file = fopen("/proc/self/statm", "r");

	MUST(file && fscanf(file, "%lu", &pages) == 1);
	fclose(file);
	return pages * 4096;
}

static void limit(int which, size_t bytes)
{
	struct rlimit now;

	MUST(getrlimit(which, &before) == 0);
	now = before;
	now.rlim_cur = bytes;
	MUST(setrlimit(which, &now) == 0);
}

static void lift(int which)
{
	MUST(setrlimit(which, &before) == 0);
}

/* Whatever fails says so as it always does, and leaves everything as it is. */
static void all_fail(size_t huge)
{
	unsigned char *block = hold(1000);
	volatile size_t half = SIZE_MAX / 2;
	void *slot = &slot;

	MUST(block);
	memset(block + 1, 7, 998);
#define FAILS(call) \
	do { \
		errno = 4711; \
		MUST(!(call) && errno == ENOMEM); \
	} while (0)
	for (int i = 0; i < 3; i++) {
		FAILS(malloc(huge));
		FAILS(calloc(1, huge));
		FAILS(calloc(half, 3));
		FAILS(realloc(block, huge));
		FAILS(realloc(NULL, huge));
		FAILS(reallocarray(block, half, 3));
		FAILS(memalign(4096, huge));
		FAILS(aligned_alloc(4096, huge));
		FAILS(valloc(huge));
		FAILS(pvalloc(huge));
		errno = 4711;
		MUST(posix_memalign(&slot, 64, huge) == ENOMEM && slot == &slot);
		MUST(posix_memalign(&slot, 3, 8) == EINVAL && slot == &slot);
		MUST(mmap(NULL, huge, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
		MUST(errno == ENOMEM);
	}
#undef FAILS
	for (int i = 1; i < 999; i++)
		MUST(block[i] == 7);
	drop(block, 1000);
}

static void fails(void)
{
	limit(RLIMIT_AS, address_space() + 100 * MIB);
	all_fail(300 * MIB);
	lift(RLIMIT_AS);
	drop(hold(300 * MIB), 300 * MIB);
}

static void impossible(void)
{
	all_fail(PTRDIFF_MAX);
	all_fail((size_t)PTRDIFF_MAX + 1);
	all_fail(SIZE_MAX - 5000);
	all_fail((size_t)1 << 60);
}

/* The snapshot of the failure is there even if nothing comes after it. */
static void killed(void)
{
	limit(RLIMIT_AS, address_space() + 100 * MIB);
	keep(100, 5000);
	expect_trace(TRACE_SNAPSHOT);
	book_mark();
	MUST(!malloc(300 * MIB) && errno == ENOMEM);
	keep(100, 7000);
	raise(SIGKILL);
}

/* Everything there is, block by block, until nothing is left; then everything back. */
static void exhausted(int which, size_t size)
{
	static void *blocks[1 << 20];
	size_t count = 0;

	limit(which, which == RLIMIT_AS ? address_space() + 64 * MIB : 64 * MIB);
	expect_trace(TRACE_LACKING);
	errno = 0;
	while ((blocks[count] = hold(size)))
		count++;
	MUST(errno == ENOMEM && count > 10);
	for (int i = 0; i < 1000; i++)
		MUST(!malloc(size + 100000) && errno == ENOMEM);
	for (size_t i = 0; i < count; i++)
		drop(blocks[i], size);
	churn(1000, size);
	lift(which);
	for (int i = 0; i < 50; i++)
		drop(hold(1000000), 1000000);
}

static void exhausted_large(void)
{
	exhausted(RLIMIT_AS, 500000);
}

static void exhausted_small(void)
{
	exhausted(RLIMIT_AS, 100);
}

static void exhausted_data(void)
{
	exhausted(RLIMIT_DATA, 50000);
}

/* Nobody may have more than is promised: a reservation leaves nothing for anybody else. */
static void reserved(void)
{
	size_t room = 1024 * MIB;
	void *all;

	limit(RLIMIT_AS, address_space() + room);
	while ((all = mmap(NULL, room, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) ==
	       MAP_FAILED)
		room -= 65536;
	expect_trace(TRACE_LACKING);
	for (int i = 0; i < 20; i++)
		MUST(!malloc(10 * MIB) && errno == ENOMEM);
	churn(100, 100);
	MUST(munmap(all, room) == 0);
	drop(hold(10 * MIB), 10 * MIB);
	lift(RLIMIT_AS);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*go)(void);
	} ways[] = {{"fails", fails},
		    {"impossible", impossible},
		    {"killed", killed},
		    {"exhausted-large", exhausted_large},
		    {"exhausted-small", exhausted_small},
		    {"exhausted-data", exhausted_data},
		    {"reserved", reserved}};

	keep(10, 100);
	for (size_t i = 0; argc > 1 && i < sizeof(ways) / sizeof(*ways); i++)
		if (strcmp(argv[1], ways[i].name) == 0) {
			ways[i].go();
			keep(10, 100);
			say("went on\n");
			return 4;
		}
	MUST(!"a way of that name");
}
