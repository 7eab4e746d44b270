/* SPDX-License-Identifier: MIT */
/*
 * The program's own anonymous maps (domain `mmap`), as intervals of addresses.
 *
 * A map may be unmapped in parts, and mapped over. One call of mmap() is one block: it is live
 * while any of its bytes is, and freed with its last. Needs the tables
 * lock; what `self` says is the thread whose counters change, in a section (world.h).
 */
#ifndef PRELOAD_MAPS_H
#define PRELOAD_MAPS_H

#include <stdbool.h>
#include <stdint.h>

struct thread;

/* Records the interval; what it covers of others is forgotten first. False: no memory. */
bool maps_add(struct thread *self, uint64_t start, uint64_t bytes, uint32_t site);

/* Forgets whatever lies in the interval, anonymous or not. */
void maps_remove(struct thread *self, uint64_t start, uint64_t bytes);

/* Whether the address lies in a recorded interval. */
bool maps_knows(uint64_t address);

/* Calls `each` for what lies in [start, end) of every recorded interval. */
void maps_each_within(uint64_t start, uint64_t end,
		      void (*each)(uint64_t start, uint64_t end, void *context), void *context);

/* What a map that is on its way takes with it: `bytes` of a block; 0: none. */
struct maps_taken {
	uint32_t block;
	uint64_t bytes;
};

/*
 * An interval moves, grows or shrinks. Before it does, it is taken out of the table, as another
 * thread may map the same place as soon as it is free; then it is put where it is now, or back. In
 * between it counts as what it was.
 *
 * False: the interval has parts of several calls of mmap(). Then maps_move() is for after.
 */
bool maps_takes(uint64_t start, uint64_t bytes, struct maps_taken *taken);
void maps_put(struct thread *self, struct maps_taken taken, uint64_t start, uint64_t bytes);

/* All of the interval becomes the first one's, as far as it is recorded. */
void maps_move(struct thread *self, uint64_t old_start, uint64_t old_bytes, uint64_t start,
	       uint64_t bytes);

#endif
