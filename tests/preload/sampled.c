/* SPDX-License-Identifier: MIT */
/*
 * A heap of all sizes, in numbers for which a sample of one block per 16 KiB is good: blocks far
 * below that, around it, and far above. A part is freed again, a part moves, some lines keep
 * nothing. The same in every run. With an argument it writes there what it did, one event a line,
 * "+LINE SIZE" or "-LINE SIZE", and "=LINE SIZE" for what it mapped; see test_sampling.py.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#define BLOCKS 30000

static struct {
	void *at;
	size_t size;
	int line;
} blocks[BLOCKS];

static size_t used;
static FILE *events;
static uint64_t random_state = 20;

static size_t between(size_t low, size_t high)
{
	random_state = random_state * 6364136223846793005 + 1442695040888963407;
	return low + (random_state >> 33) % (high - low + 1);
}

static void note(char what, int line, size_t size)
{
	if (events)
		fprintf(events, "%c%d %zu\n", what, line, size);
}

static void keep(void *block, size_t size, int line)
{
	if (!block || used == BLOCKS)
		abort();
	blocks[used].at = block;
	blocks[used].size = size;
	blocks[used++].line = line;
	note('+', line, size);
}

static void drop(size_t index)
{
	free(blocks[index].at);
	note('-', blocks[index].line, blocks[index].size);
	blocks[index] = blocks[--used];
}

/* A third of what was made since `from` goes again, in no order. */
static void thin(size_t from)
{
	for (size_t i = (used - from) / 3; i > 0; i--)
		drop(between(from, used - 1));
}

#define KEEP(call) keep(call, size, __LINE__)

static void tiny(int count)
{
	size_t from = used;

	for (int i = 0; i < count; i++) {
		size_t size = between(16, 256);
		KEEP(malloc(size));
	}
	thin(from);
}

static void small(int count)
{
	size_t from = used;

	for (int i = 0; i < count; i++) {
		size_t size = between(16, 4096);
		KEEP(malloc(size));
	}
	thin(from);
}

/* Here a block's chance is anything from a sixth to near certainty. */
static void medium(int count)
{
	size_t from = used;

	for (int i = 0; i < count; i++) {
		size_t size = between(3000, 65000);
		KEEP(malloc(size));
	}
	thin(from);
}

static void large(int count)
{
	size_t from = used;

	for (int i = 0; i < count; i++) {
		size_t size = between(100000, 2000000);
		KEEP(malloc(size));
	}
	thin(from);
}

/* Each moves or grows in place: at the end it belongs to the last of the lines. */
static void moved(int count)
{
	size_t from = used;

	for (int i = 0; i < count; i++) {
		size_t size = between(16, 2000);
		KEEP(calloc(1, size));
	}
	for (size_t i = from; i < used; i++) {
		size_t size = between(1000, 8000);
		int line = __LINE__ + 1;
		void *block = realloc(blocks[i].at, size);

		note('-', blocks[i].line, blocks[i].size);
		note('+', line, size);
		blocks[i].at = block;
		blocks[i].size = size;
		blocks[i].line = line;
	}
}

/* All the other functions that hand out blocks. */
static void others(int count)
{
	for (int i = 0; i < count; i++) {
		size_t size = between(16, 8000);
		void *block = NULL;
		KEEP(realloc(NULL, size));
		KEEP(reallocarray(NULL, 1, size));
		KEEP(aligned_alloc(64, size));
		KEEP(posix_memalign(&block, 64, size) == 0 ? block : NULL);
	}
}

/* Blocks of which no byte could be drawn. */
static void empty(int count)
{
	for (int i = 0; i < count; i++) {
		size_t size = 0;
		KEEP(malloc(size));
	}
}

static void passing(int count)
{
	size_t from = used;

	for (int i = 0; i < count; i++) {
		size_t size = between(1, 8000);
		KEEP(malloc(size));
	}
	while (used > from)
		drop(used - 1);
}

static void map(void)
{
	for (size_t size = 1 << 20; size <= 4 << 20; size += 1 << 20) {
		char *at = mmap(NULL, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		int line = __LINE__ - 1;

		if (at == MAP_FAILED || munmap(at, 40960) != 0)
			abort();
		note('=', line, size - 40960);
	}
}

int main(int argc, char **argv)
{
	events = argc > 1 ? fopen(argv[1], "w") : NULL;
	map();
	tiny(16000);
	medium(150);
	passing(1000);
	small(4000);
	large(60);
	moved(1000);
	others(300);
	empty(5000);
	medium(150);
	passing(300);
	return events && fclose(events) != 0;
}
