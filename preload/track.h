/* SPDX-License-Identifier: MIT */
/*
 * What an event means: the one place where hooks meet stacks, sites, the live map and the counters.
 *
 * Every function runs with the caller's guard up (thread_enter) and degrades by counting what it
 * could not record. `here` is where the program called the hook.
 */
#ifndef PRELOAD_TRACK_H
#define PRELOAD_TRACK_H

#include <stdbool.h>
#include <stddef.h>

#include "capture/here.h"
#include "live.h"
#include "maps.h"
#include "thread.h"

/* Once the options are known, after sample_start() and before the first event. */
void track_start(void);

void track_alloc(struct thread *self, const struct here *here, const void *block, size_t size);

/* False: the block is not known. */
bool track_free(struct thread *self, const void *block);

/* The same for a block of another allocator, which a hook further down may have recorded already.
 */
void track_alloc_if_new(struct thread *self, const struct here *here, const void *block,
			size_t size, uint64_t allowance);

/* Around a realloc. The block is forgotten before the real call, since another thread may be given
 * its address; then it either has become `block`, or the call failed and it is as it was. */
struct live_block track_realloc_begin(struct thread *self, const void *block);
void track_realloc_end(struct thread *self, const struct here *here, struct live_block old,
		       const void *old_block, const void *block, size_t size);

void track_map(struct thread *self, const struct here *here, const void *start, size_t bytes);
void track_unmap(struct thread *self, const void *start, size_t bytes);
/* The map at `old` stays, and there is another of its kind now. */
void track_map_again(struct thread *self, const struct here *here, const void *old,
		     const void *start, size_t bytes);

/* Around an mremap, as around a realloc; `start` is NULL if it failed. Sizes are what the kernel
 * takes them for, but for the new one. */
struct track_remap {
	struct maps_taken taken;
	bool at_end; /* all is to be done then */
};
struct track_remap track_remap_begin(const void *old, size_t old_bytes);
void track_remap_end(struct thread *self, struct track_remap remap, const void *old,
		     size_t old_bytes, const void *start, size_t bytes);

/* Pieces that pools hand out; see heapmark.h. */
void track_piece(struct thread *self, const struct here *here, const char *pool, const void *block,
		 size_t size);
void track_piece_moved(struct thread *self, const struct here *here, const char *pool,
		       const void *old_block, const void *block, size_t size);
void track_piece_freed(struct thread *self, const void *block);

/* An allocation of the program's failed. */
void track_failed(void);

#endif
