/* SPDX-License-Identifier: MIT */
/*
 * What an event means: the one place where hooks meet stacks, sites, the live map and the counters.
 *
 * Every function runs with the caller's guard up (thread_enter), takes the tables lock itself, and
 * degrades by counting what it could not record. `caller` is the hook's return address.
 */
#ifndef PRELOAD_TRACK_H
#define PRELOAD_TRACK_H

#include <stdbool.h>
#include <stddef.h>

#include "live.h"
#include "thread.h"

void track_alloc(struct thread *self, void *caller, const void *block, size_t size);
void track_free(struct thread *self, const void *block);

/* The same for a block that a hook further down may have recorded already. */
void track_alloc_if_new(struct thread *self, void *caller, const void *block, size_t size);

/* Around a realloc. The block is forgotten before the real call, since another thread may be given
 * its address; then it either has become `block`, or the call failed and it is as it was. */
struct live_block track_realloc_begin(struct thread *self, const void *block);
void track_realloc_end(struct thread *self, void *caller, struct live_block old,
		       const void *old_block, const void *block, size_t size);

void track_map(struct thread *self, void *caller, const void *start, size_t bytes);
void track_unmap(const void *start, size_t bytes);
/* The map at `old` stays, and there is another of its kind now. */
void track_map_again(struct thread *self, void *caller, const void *old, const void *start,
		     size_t bytes);
void track_remap(const void *old, size_t old_bytes, const void *start, size_t bytes);

/* Pieces that pools hand out; see heapmark.h. */
void track_piece(struct thread *self, void *caller, const char *pool, const void *block,
		 size_t size);
void track_piece_moved(struct thread *self, void *caller, const char *pool, const void *old_block,
		       const void *block, size_t size);
void track_piece_freed(const void *block);

/* An allocation of the program's failed. */
void track_failed(void);

#endif
