/* SPDX-License-Identifier: MIT */
/*
 * Random heap calls; see main.c. A worker is what one thread works with: its random numbers, its
 * blocks and maps, and its books of both. Threads come and go, workers stay.
 */
#ifndef TESTS_PRELOAD_RANDOM_RANDOM_H
#define TESTS_PRELOAD_RANDOM_RANDOM_H

/* A place is a line and how deep in descend() the call stood: who attributes calls to the wrong
 * stack is found out. */
#define DEPTHS       16
#define LINES        512
#define BOOKS_PLACES (LINES * DEPTHS)

#include "../books.h"

#define WORKERS_MAX 16
#define SLOTS       64
#define MAP_SLOTS   16
#define MAP_PARTS   2

struct block {
	char *at; /* NULL: none */
	size_t size;
	uint64_t tag; /* what it is filled with */
	int place;
};

/* One call of mmap(), and what is left of it. */
struct map {
	struct {
		char *at; /* NULL: none */
		size_t size;
	} parts[MAP_PARTS];
	int place;
};

struct worker {
	struct books heap, maps;
	struct block slots[SLOTS];
	struct map map_slots[MAP_SLOTS];
	uint64_t random, sum; /* the sum: of all that was decided */
	int depth;            /* in descend(), now */
	bool alone;           /* there is no other thread that this one knows of */
};

/* What the command line says. */
struct plan {
	uint64_t seed;
	int threads, calls;
	bool inside; /* calls of libc functions that allocate, too */
};
extern struct plan plan;

/* For a process that never had but one worker: the moment of its peak. */
struct peak {
	struct books at; /* what the books said */
	int64_t bytes, window;
	bool known, is_now;
};
extern struct peak peak;

/* On stderr, with what to repeat it with; and that was all. */
__attribute__((noreturn)) void fail(const char *what);

/* A number below `end`. */
uint64_t choose(struct worker *w, uint64_t end);

/* To be called before live bytes change by that much; a free falls even if that is nothing. */
void peak_before(const struct worker *w, int64_t change, bool falls);
void peak_begin(const struct worker *w);

/* One random deed, somewhere in a random call stack. */
void deed(struct worker *w);

/* Deeds on maps, from within descend(). */
void map_deed(struct worker *w);

/* Blocks that any thread may take. To be closed by who does not know whether others were at it. */
void shelf_close(void);
void shelf_swap(struct worker *w, struct block *block);

/* A block's bytes: as many of them are looked at as costs little. */
void contents_fill(struct block *block);
/* Of the first `size`; `whole` if the block has no more. */
void contents_check(const struct block *block, size_t size, bool whole);
void contents_check_zero(const char *at, size_t size);

/* What all workers' books say together. */
void facts_sum(struct books *heap, struct books *maps, const struct worker *workers, int count);

/* What they say now, which is the moment of a snapshot. At a fork there are none yet. */
void facts_moment(const char *label, const struct books *heap);
void facts_no_moments(void);

/* `libc_bytes` are live besides; `amid`: forked amid the work of others, whose blocks are unknown.
 */
void facts_save(const char *path, const struct worker *workers, int count, int64_t libc_bytes,
		bool amid);

#endif
