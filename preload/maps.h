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

/* An interval moved, grew or shrank: its site keeps it. */
void maps_move(struct thread *self, uint64_t old_start, uint64_t old_bytes, uint64_t start,
	       uint64_t bytes);

#endif
