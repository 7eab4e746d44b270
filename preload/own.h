/* SPDX-License-Identifier: MIT */
/*
 * The heap calls that the shim itself causes in the program's heap: loading libunwind, and what the
 * loader sets up when libunwind is new to a thread. They are kept apart from the program's. Their
 * blocks are in the live map, under LIVE_OWN, since anybody may free them later (the C library
 * frees a thread's blocks when it ends). The shim is busy on the thread meanwhile.
 */
#ifndef PRELOAD_OWN_H
#define PRELOAD_OWN_H

#include <stdbool.h>
#include <stdint.h>

#include "live.h"
#include "thread.h"

struct own_totals {
	uint64_t allocations, allocated_bytes, frees, freed_bytes;
};

/* Whether a call that is made now on this thread is our doing. */
static inline bool own_is_calling(void)
{
	return thread_self && thread_self->own_work;
}

/* Counts a block of ours that is gone. */
void own_gone(uint64_t size);

/* The same for a block of ours or of the program's; site 0 is neither. In a section. */
void own_or_program_gone(struct thread *self, struct live_block old);

/* The program's own blocks stay the program's, with the size that it asked for. */
void own_alloc(const void *block, uint64_t size);
void own_free(const void *block);
void own_resized(const void *old_block, const void *block, uint64_t size);

struct own_totals own_totals(void);
void own_child(void);

#endif
