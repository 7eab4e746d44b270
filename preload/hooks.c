/* SPDX-License-Identifier: MIT */
/*
 * The interposed allocation functions, and nothing else: serve the program, then observe.
 *
 * free() and realloc() observe first: once the real one returns, another thread may be given the
 * same address and record it, and we would erase the wrong block.
 */
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>

#include "capture/here.h"
#include "export.h"
#include "lost.h"
#include "own.h"
#include "real.h"
#include "sample.h"
#include "thread.h"
#include "track.h"
#include "watch.h"

void cfree(void *block);
void free_sized(void *block, size_t size);
void free_aligned_sized(void *block, size_t align, size_t size);

static COLD void *observe_nothing(void *block, size_t size)
{
	if (own_is_calling())
		own_alloc(block, size);
	else if (block && unlikely(!thread_has_started()) && !real_is_pool_block(block))
		lost_add(HEAPMARK_LOSS_EARLY, 1);
	return block;
}

static COLD void observe_failure(void)
{
	if (errno == ENOMEM) /* and not because of what was asked for */
		track_failed();
}

/* What every function that hands out a block ends with. */
static HOT void *observe(void *block, size_t size, const struct here *here)
{
	struct thread *self = thread_enter_lightly();

	if (unlikely(!self))
		return observe_nothing(block, size);
	if (likely(block))
		track_alloc(self, here, block, size);
	else
		observe_failure();
	thread_leave_lightly(self);
	return block;
}

/* After a real call that was made in silence: other allocators' functions call each other. */
static void *observe_whole(struct thread *self, void *block, size_t size, const struct here *here)
{
	if (!self)
		return observe_nothing(block, size);
	thread_unsilence(self);
	if (block)
		track_alloc(self, here, block, size);
	else
		observe_failure();
	thread_leave(self);
	return block;
}

/* In a sample, nearly all blocks are passed on and that is all. That is the way to be straight:
 * where all are recorded, a jump more does not count. */
static HOT bool is_unwatched(const void *block)
{
	return likely(load_relaxed(thread_state) == (THREAD_ALIVE | THREAD_SAMPLED)) &&
	       likely(!watch_may_have(block));
}

static COLD bool observe_no_free(const void *block)
{
	if (real_mode == REAL_EARLY && !real_is_relocated())
		return false;
	if (own_is_calling())
		own_free(block);
	return !real_is_pool_block(block);
}

/* Whether the block is the real allocator's to free. */
static HOT bool observe_free(const void *block)
{
	struct thread *self = thread_enter_lightly();
	bool known;

	if (unlikely(!self))
		return observe_no_free(block);
	known = track_free(self, block);
	thread_leave_lightly(self);
	return likely(known) || !real_is_pool_block(block);
}

/*
 * Those that are called most come in parts. Where all is as usual, the first jumps to the one that
 * observes, which so has the frame that the program's call made, as HERE() needs. In between may be
 * one that has next to nothing to do for a block that is not in the sample. (Where the compiler
 * calls it, stacks begin with a frame of ours.)
 */

static NOINLINE void *malloc_and_observe(size_t size)
{
	return observe(real.malloc(size), size, HERE());
}

static COLD void *early_malloc(size_t size)
{
	return real_is_relocated() ? malloc_and_observe(size) : real_early_alloc(size);
}

HEAPMARK_EXPORT void *malloc(size_t size)
{
	if (real_mode == REAL_USUAL)
		return malloc_and_observe(size);
	if (unlikely(real_mode > REAL_USUAL))
		return early_malloc(size);
	return sample_skips(size) ? real.malloc(size) : malloc_and_observe(size);
}

static NOINLINE void *calloc_and_observe(size_t count, size_t size)
{
	if (unlikely(!real_is_libc)) { /* others make it of a call of malloc(), by that name */
		struct thread *self = thread_silence();

		return observe_whole(self, real.calloc(count, size), count * size, HERE());
	}
	return observe(real.calloc(count, size), count * size, HERE());
}

static COLD void *early_calloc(size_t count, size_t size)
{
	size_t bytes;

	if (real_is_relocated())
		return calloc_and_observe(count, size);
	return __builtin_mul_overflow(count, size, &bytes) ? NULL : real_early_alloc(bytes);
}

HEAPMARK_EXPORT void *calloc(size_t count, size_t size)
{
	if (real_mode == REAL_USUAL)
		return calloc_and_observe(count, size);
	if (unlikely(real_mode > REAL_USUAL))
		return early_calloc(count, size);
	return sample_skips(count * size) ? real.calloc(count, size)
					  : calloc_and_observe(count, size);
}

static NOINLINE void free_and_observe(void *block)
{
	if (block && likely(observe_free(block)))
		real.free(block);
}

HEAPMARK_EXPORT void free(void *block)
{
	if (is_unwatched(block))
		real.free(block);
	else
		free_and_observe(block);
}

/* Forgotten before, recorded or put back after. */
static HOT void *observed_realloc(void *block, size_t size, const struct here *here)
{
	struct thread *self = thread_enter_lightly();
	struct live_block old;
	void *moved;

	if (unlikely(!self)) {
		moved = real.realloc(block, size);
		if (own_is_calling())
			own_resized(block, moved, size);
		return moved;
	}
	old = track_realloc_begin(self, block);
	self->serving = !real_is_libc;
	self->elsewhere = true;
	moved = real.realloc(block, size);
	self->elsewhere = false;
	self->serving = false;
	track_realloc_end(self, here, old, block, moved, size);
	thread_leave_lightly(self);
	return moved;
}

static HOT void *serve_realloc(void *block, size_t size, const struct here *here)
{
	if (!block) {
		struct thread *self = thread_silence();

		return observe_whole(self, real.realloc(NULL, size), size, here);
	}
	if (unlikely(real_is_pool_block(block)))
		return observe(real_leave_pool(block, size), size, here);
	return observed_realloc(block, size, here);
}

static NOINLINE void *realloc_and_observe(void *block, size_t size)
{
	if (unlikely(real_mode == REAL_EARLY) && !real_is_relocated())
		return real_early_realloc(block, size);
	return serve_realloc(block, size, HERE());
}

/* Of a block that is not in the sample, the new one may be; what other allocators make of that by
 * calling our functions must not be counted down again. */
HEAPMARK_EXPORT void *realloc(void *block, size_t size)
{
	return is_unwatched(block) && real_is_libc && sample_skips(size)
		       ? real.realloc(block, size)
		       : realloc_and_observe(block, size);
}

HEAPMARK_EXPORT void *reallocarray(void *block, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	real_resolve();
	if (unlikely(real_first_realloc))
		return real_first_realloc(block, bytes);
	return serve_realloc(block, bytes, HERE());
}

HEAPMARK_EXPORT void *memalign(size_t align, size_t size)
{
	struct thread *self = thread_silence();

	return observe_whole(self, real.memalign(align, size), size, HERE());
}

HEAPMARK_EXPORT void *aligned_alloc(size_t align, size_t size)
{
	struct thread *self = thread_silence();

	return observe_whole(self, real.aligned_alloc(align, size), size, HERE());
}

HEAPMARK_EXPORT int posix_memalign(void **place, size_t align, size_t size)
{
	struct thread *self = thread_silence();
	void *block = NULL;
	int error = real.posix_memalign(&block, align, size);

	if (!error)
		*place = block;
	if (!error || !self) {
		observe_whole(self, block, size, HERE());
		return error;
	}
	thread_unsilence(self);
	if (error == ENOMEM)
		track_failed();
	thread_leave(self);
	return error;
}

HEAPMARK_EXPORT void *valloc(size_t size)
{
	struct thread *self = thread_silence();

	real_resolve();
	return observe_whole(self, real.valloc(size), size, HERE());
}

HEAPMARK_EXPORT void *pvalloc(size_t size)
{
	struct thread *self = thread_silence();

	real_resolve();
	return observe_whole(self, real.pvalloc(size), size, HERE());
}

HEAPMARK_EXPORT size_t malloc_usable_size(void *block)
{
	real_resolve();
	if (block && unlikely(real_is_pool_block(block)))
		return real_pool_size(block);
	return real.malloc_usable_size(block);
}

/* Functions that not every C library has: what they do is free(). */

HEAPMARK_EXPORT void cfree(void *block)
{
	free(block);
}

HEAPMARK_EXPORT void free_sized(void *block, size_t size)
{
	if (!real.free_sized) {
		free(block);
		return;
	}
	if (is_unwatched(block) || (block && likely(observe_free(block))))
		real.free_sized(block, size);
}

HEAPMARK_EXPORT void free_aligned_sized(void *block, size_t align, size_t size)
{
	if (!real.free_aligned_sized) {
		free(block);
		return;
	}
	if (is_unwatched(block) || (block && likely(observe_free(block))))
		real.free_aligned_sized(block, align, size);
}
