/* SPDX-License-Identifier: MIT */
/*
 * What a thread knows of its own heap calls. It also frees what others allocated: its balance of a
 * place may be negative, the sum over all threads may not.
 *
 * A place is where an allocation is counted: the line of the call, unless a target says otherwise.
 */
#ifndef TESTS_PRELOAD_BOOKS_H
#define TESTS_PRELOAD_BOOKS_H

#include "target.h"

#ifndef BOOKS_PLACES
#define BOOKS_PLACES FACTS_LINES
#endif

struct books {
	int64_t allocations, allocated_bytes, frees, reallocations, blocks, bytes;
	struct {
		int64_t allocations, allocated_bytes, blocks, bytes;
	} places[BOOKS_PLACES];
};

static inline void books_new(struct books *books, int place, size_t size)
{
	books->allocations++;
	books->allocated_bytes += (int64_t)size;
	books->blocks++;
	books->bytes += (int64_t)size;
	books->places[place].allocations++;
	books->places[place].allocated_bytes += (int64_t)size;
	books->places[place].blocks++;
	books->places[place].bytes += (int64_t)size;
}

static inline void books_gone(struct books *books, int place, size_t size)
{
	books->frees++;
	books->blocks--;
	books->bytes -= (int64_t)size;
	books->places[place].blocks--;
	books->places[place].bytes -= (int64_t)size;
}

static inline void books_add(struct books *sum, const struct books *books)
{
	sum->allocations += books->allocations;
	sum->allocated_bytes += books->allocated_bytes;
	sum->frees += books->frees;
	sum->reallocations += books->reallocations;
	sum->blocks += books->blocks;
	sum->bytes += books->bytes;
	for (int i = 0; i < BOOKS_PLACES; i++) {
		sum->places[i].allocations += books->places[i].allocations;
		sum->places[i].allocated_bytes += books->places[i].allocated_bytes;
		sum->places[i].blocks += books->places[i].blocks;
		sum->places[i].bytes += books->places[i].bytes;
	}
}

#if BOOKS_PLACES == FACTS_LINES
/* Books are closed: what they say is the target's facts, but for the peak. */
static inline void facts_add_books(const struct books *books)
{
	facts.allocations += (uint64_t)books->allocations;
	facts.allocated_bytes += (uint64_t)books->allocated_bytes;
	facts.frees += (uint64_t)books->frees;
	facts.reallocations += (uint64_t)books->reallocations;
	facts.live_blocks += (uint64_t)books->blocks;
	facts.live_bytes += (uint64_t)books->bytes;
	for (int line = 0; line < FACTS_LINES; line++) {
		struct facts_line *row = &facts.lines[line];

		row->allocations += (uint64_t)books->places[line].allocations;
		row->allocated_bytes += (uint64_t)books->places[line].allocated_bytes;
		row->blocks += (uint64_t)books->places[line].blocks;
		row->bytes += (uint64_t)books->places[line].bytes;
	}
}
#endif

#endif
