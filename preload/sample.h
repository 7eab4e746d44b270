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

/* A new thread: its first distance is drawn like any other. */
void sample_join(struct thread *self);

/* A block's weight, as it was when the block was recorded. */
struct weight sample_weight(uint64_t size, bool heavier);

/* Whether the weight is rounded up: drawn when the block is recorded. */
bool sample_is_heavier(struct thread *self, uint64_t size);

/* The distance to the next byte that is drawn. */
void sample_draw(struct thread *self);

/* What is left of the distance: whether a hook further down has counted a block, shows in that. */
static HOT int64_t sample_countdown(void)
{
	return thread_self ? thread_self->until_sample : 0;
}

/* The distance gets shorter by a block. Whether it ends in the block. */
static HOT bool sample_counts_down(struct thread *self, size_t size)
{
	self->until_sample -= (int64_t)(size + !size);
	return unlikely(self->until_sample <= 0);
}

/* Whether an allocation on this thread is not one to record, as most are not. Otherwise the next
 * distance has to be drawn. */
static inline bool sample_skips(size_t size)
{
	struct thread *self = thread_self;

	if (unlikely(!self))
		return false;
	if (unlikely(self->busy)) /* part of a call that is counted as a whole, or our own doing */
		return !self->own_work;
	return !sample_counts_down(self, size);
}

#endif
