/* SPDX-License-Identifier: MIT */
/*
 * Sampling: one block per `sample` bytes on average.
 *
 * Bytes are drawn by a Poisson process with mean distance T, and a block is recorded if any of its
 * bytes is drawn: with probability p = 1 - exp(-s/T) for s bytes. It then stands for 1/p blocks and
 * s/p bytes (Horvitz and Thompson, 1952), so that any sum of them is unbiased, with a variance
 * that is estimated without bias by the sum of s^2 (1-p)/p^2 over the blocks recorded. Blocks of 0
 * bytes count as 1 here.
 *
 * What a block stands for is a whole number of blocks, rounded up or down at random so that the
 * mean is kept. A free takes back what its block has stood for.
 */
#ifndef PRELOAD_SAMPLE_H
#define PRELOAD_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "atomic.h"
#include "thread.h"

/* What a recorded block stands for. */
struct weight {
	uint64_t blocks, bytes;
	uint64_t variance; /* of its bytes, squared */
};

/* T; 0: every block is recorded. */
extern HIDDEN uint64_t sample_mean;

void sample_start(void);

/* A new thread. */
void sample_join(struct thread *self);

/* A block's weight, as it was when the block was recorded. */
struct weight sample_weight(uint64_t size, bool heavier);

/* Whether the weight is rounded up: drawn when the block is recorded. */
bool sample_is_heavier(struct thread *self, uint64_t size);

/* How many bytes it is to the next one that is drawn: the thread's allowance. */
void sample_draw(struct thread *self);

/* Whether a block takes more than the allowance; then the next one has to be drawn. Otherwise it is
 * taken off. With the guard up. */
bool sample_hits(struct thread *self, uint64_t size);

/* The same for hooks, in what nearly always is all that they do. False: look closer. (What takes
 * all of the allowance is not drawn, but that is not found out here.) */
static HOT bool sample_skips(size_t size)
{
	uint64_t allowance = thread_allowance;

	if (unlikely(allowance <= size))
		return false;
	thread_allowance = allowance - size - !size;
	return true;
}

#endif
