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

#include "export.h"
#include "own.h"
#include "real.h"
#include "thread.h"
#include "track.h"

#define CALLER __builtin_return_address(0)

void cfree(void *block);
void free_sized(void *block, size_t size);
void free_aligned_sized(void *block, size_t align, size_t size);

/* What every function that hands out a block ends with. */
static inline void *observe(void *block, size_t size, void *caller)
{
	struct thread *self = thread_enter();

	if (unlikely(!self)) {
		if (own_is_calling())
			own_alloc(block, size);
		return block;
	}
	if (likely(block))
		track_alloc(self, caller, block, size);
	else
		track_failed();
	thread_leave(self);
	return block;
}

static inline void observe_free(const void *block)
{
	struct thread *self = thread_enter();

	if (unlikely(!self)) {
		if (own_is_calling())
			own_free(block);
		return;
	}
	track_free(self, block);
	thread_leave(self);
}

HEAPMARK_EXPORT void *malloc(size_t size)
{
	return observe(real.malloc(size), size, CALLER);
}

HEAPMARK_EXPORT void *calloc(size_t count, size_t size)
{
	return observe(real.calloc(count, size), count * size, CALLER);
}

HEAPMARK_EXPORT void free(void *block)
{
	if (!block || unlikely(real_is_pool_block(block)))
		return;
	observe_free(block);
	real.free(block);
}

/* A realloc of a live block: forgotten before, recorded or put back after. */
static void *observed_realloc(struct thread *self, void *block, size_t size, void *caller)
{
	struct live_block old = track_realloc_begin(self, block);
	void *moved;

	errno = self->saved_errno;
	moved = real.realloc(block, size);
	self->saved_errno = errno;
	track_realloc_end(self, caller, old, block, moved, size);
	return moved;
}

static inline void *serve_realloc(void *block, size_t size, void *caller)
{
	struct thread *self;
	void *moved;

	if (!block)
		return observe(real.realloc(NULL, size), size, caller);
	if (unlikely(real_is_pool_block(block)))
		return observe(real_leave_pool(block, size), size, caller);
	self = thread_enter();
	if (unlikely(!self)) {
		moved = real.realloc(block, size);
		if (own_is_calling())
			own_resized(block, moved, size);
		return moved;
	}
	moved = observed_realloc(self, block, size, caller);
	thread_leave(self);
	return moved;
}

HEAPMARK_EXPORT void *realloc(void *block, size_t size)
{
	return serve_realloc(block, size, CALLER);
}

HEAPMARK_EXPORT void *reallocarray(void *block, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	return serve_realloc(block, bytes, CALLER);
}

HEAPMARK_EXPORT void *memalign(size_t align, size_t size)
{
	return observe(real.memalign(align, size), size, CALLER);
}

HEAPMARK_EXPORT void *aligned_alloc(size_t align, size_t size)
{
	return observe(real.aligned_alloc(align, size), size, CALLER);
}

HEAPMARK_EXPORT int posix_memalign(void **place, size_t align, size_t size)
{
	void *block = NULL;
	int error = real.posix_memalign(&block, align, size);

	if (!error)
		*place = block;
	if (!error || error == ENOMEM)
		observe(block, size, CALLER);
	return error;
}

HEAPMARK_EXPORT void *valloc(size_t size)
{
	real_resolve();
	return observe(real.valloc(size), size, CALLER);
}

HEAPMARK_EXPORT void *pvalloc(size_t size)
{
	real_resolve();
	return observe(real.pvalloc(size), size, CALLER);
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
	if (block)
		observe_free(block);
	real.free_sized(block, size);
}

HEAPMARK_EXPORT void free_aligned_sized(void *block, size_t align, size_t size)
{
	if (!real.free_aligned_sized) {
		free(block);
		return;
	}
	if (block)
		observe_free(block);
	real.free_aligned_sized(block, align, size);
}
