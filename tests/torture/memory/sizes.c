/* SPDX-License-Identifier: MIT */
/* sizes HOW: blocks that are very large, very small or very many. */
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "torture.h"

#define GIB ((size_t)1 << 30)

static void huge(void)
{
	void *map = mmap(NULL, 1024 * GIB, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	void *block;

	MUST(map != MAP_FAILED);
	((char *)map)[700 * GIB] = 1;
	block = hold(4 * GIB);
	MUST(block);
	keep(1, 5 * GIB + 1);
	drop(block, 4 * GIB);
	MUST(mprotect((char *)map + GIB, GIB, PROT_NONE) == 0);
	MUST(munmap((char *)map + 3 * GIB, GIB) == 0);
	MUST(munmap(map, 1024 * GIB) == 0);
}

/* A block of no bytes is a block, with an address of its own. */
static void zero(void)
{
	static void *blocks[10000];

	for (int i = 0; i < 10000; i++)
		MUST((blocks[i] = hold(0)));
	for (int i = 1; i < 10000; i++)
		MUST(blocks[i] != blocks[i - 1]);
	for (int i = 0; i < 10000; i += 2)
		drop(blocks[i], 0);
	free(NULL);
	MUST(!realloc(blocks[1], 0));
	book_dropped(0);
}

static void many(void)
{
	static void *blocks[3000000];

	for (int i = 0; i < 3000000; i++)
		MUST((blocks[i] = hold(1 + (size_t)i % 50)));
	for (int i = 0; i < 3000000; i += 3)
		drop(blocks[i], 1 + (size_t)i % 50);
}

/* What malloc_usable_size() grants may be written, to the last byte. */
static void usable(void)
{
	static char *blocks[2000];

	for (size_t i = 0; i < 2000; i++) {
		size_t size = i * i % 70000;

		MUST((blocks[i] = hold(size)));
		MUST(malloc_usable_size(blocks[i]) >= size);
		memset(blocks[i], 42, malloc_usable_size(blocks[i]));
	}
	for (size_t i = 0; i < 2000; i++) {
		for (size_t at = 0; at < malloc_usable_size(blocks[i]); at += 7)
			MUST(blocks[i][at] == 42);
		drop(blocks[i], i * i % 70000);
	}
}

/* One block that grows and shrinks through all of the allocator's kinds. */
static void resized(void)
{
	char *block = NULL;
	size_t size = 0;

	for (int turn = 0; turn < 3; turn++)
		for (size_t next = 1; next < 200000000; next *= 3) {
			char *moved = realloc(block, next);

			MUST(moved);
			if (size)
				MUST(moved[(next < size ? next : size) - 1] == 42);
			memset(moved, 42, next);
			block = moved;
			size = next;
		}
	free(block);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*go)(void);
	} ways[] = {{"huge", huge},
		    {"zero", zero},
		    {"many", many},
		    {"usable", usable},
		    {"resized", resized}};

	for (size_t i = 0; argc > 1 && i < sizeof(ways) / sizeof(*ways); i++)
		if (strcmp(argv[1], ways[i].name) == 0) {
			ways[i].go();
			churn(10, 10);
			say("%s\n", argv[1]);
			return 0;
		}
	MUST(!"a way of that name");
}
