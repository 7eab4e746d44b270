/* SPDX-License-Identifier: MIT */
/* The program behind v1/sample.hmk; see README.md. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "heapmark.h"

static void *kept[400];

__attribute__((noinline)) static void *climb(unsigned path, size_t size)
{
	void *block;

	if (!path)
		return malloc(size);
	block = path & 1 ? climb(path >> 1, size + 1) : climb(path >> 1, size + 2);
	if (!block)
		abort();
	return block;
}

__attribute__((noinline)) static void fill(void)
{
	for (unsigned i = 0; i < 400; i++)
		kept[i] = climb(i, i % 50);
}

__attribute__((noinline)) static void thin(void)
{
	for (unsigned i = 0; i < 400; i += 3) {
		free(kept[i]);
		kept[i] = NULL;
	}
	for (unsigned i = 1; i < 400; i += 3)
		kept[i] = realloc(kept[i], i * 2);
}

int main(void)
{
	char *arena = malloc(4096);
	void *map = mmap(NULL, 16384, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	fill();
	heapmark_snapshot("filled");
	thin();
	heapmark_snapshot("thinned");
	for (unsigned i = 0; i < 20; i++)
		heapmark_alloc("beads", arena + i * 64, 50);
	heapmark_free("beads", arena);
	munmap(map, 4096);
	heapmark_snapshot("pooled");
	free(calloc(10, 1000));
	return 0;
}
