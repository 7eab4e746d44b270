/* SPDX-License-Identifier: MIT */
/*
 * What the targets in this folder share. Each makes call stacks that are hard to unwind, allocates
 * on them, and knows who called whom: it writes the paths it took to the file that is its first
 * argument, for tests/programs/verify.py. The second argument is how often to do it all.
 *
 *   TIMES PATH      PATH is the functions' names from the innermost outwards, joined by '<'; '*' is
 *                   any number of frames, and the path may go on beyond its end
 *
 * A target that lays a trap says so with `trap()`, and fails if it was never sprung.
 */
#ifndef TESTS_PRELOAD_WALKS_WALK_H
#define TESTS_PRELOAD_WALKS_WALK_H

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Functions that stay what they are: a frame each. */
#if defined(__has_attribute) && __has_attribute(noipa)
#define FRAME __attribute__((noipa, noinline, unused))
#else
#define FRAME __attribute__((noinline, unused))
#endif
/* After a call, or it might become a jump. */
#define HERE() __asm__ volatile("" ::: "memory")

/* Makes an array take its room in the frame. */
#define TOUCH(array) __asm__ volatile("" : : "r"(array) : "memory")

#define PATHS_MAX 64

static struct path {
	char names[160];
	uint64_t times;
} paths[PATHS_MAX];

static uint64_t traps_laid, traps_sprung;

static inline void path_add(uint64_t times, const char *names)
{
	int at = 0;

	while (paths[at].names[0] && strcmp(paths[at].names, names) != 0)
		if (++at == PATHS_MAX)
			abort();
	snprintf(paths[at].names, sizeof(paths[at].names), "%s", names);
	paths[at].times += times;
}

static inline void trap(int sprung)
{
	traps_laid++;
	traps_sprung += sprung != 0;
}

/* One allocation, on a stack that begins with keep(). */
static FRAME void keep(size_t size)
{
	char *volatile block = (char *)malloc(size + 1);

	if (!block)
		abort();
	block[0] = block[size] = 1;
	free(block);
	HERE();
}

static inline uint64_t random_next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static inline int rounds(int argc, char **argv)
{
	return argc > 2 ? atoi(argv[2]) : 1;
}

/* The last thing a target does; what main() returns. */
static inline int walk_end(int argc, char **argv)
{
	FILE *file = argc > 1 ? fopen(argv[1], "w") : NULL;

	for (int i = 0; file && i < PATHS_MAX && paths[i].names[0]; i++)
		fprintf(file, "%llu %s\n", (unsigned long long)paths[i].times, paths[i].names);
	if (file && fclose(file) != 0)
		return 2;
	if (traps_laid && !traps_sprung) {
		fprintf(stderr, "the trap was not sprung in %llu attempts\n",
			(unsigned long long)traps_laid);
		return 3;
	}
	return 0;
}

#endif
