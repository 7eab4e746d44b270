/* SPDX-License-Identifier: MIT */
/*
 * Return addresses seen on call stacks ("calls"), each with its unwind rule and its module. Known
 * calls are found without a lock, from any thread and any signal; making one takes the capture
 * lock.
 *
 * Ids start at 1, rise, and are never reused; what they stand for never moves and does not change,
 * but for the module. When code is unmapped its calls are retired: later code at the same address
 * gets new ones, so it never inherits a rule or a name. The generation moves then, which makes
 * threads forget the stacks that they remember.
 */
#ifndef PRELOAD_CAPTURE_CALLS_H
#define PRELOAD_CAPTURE_CALLS_H

#include <stdbool.h>
#include <stdint.h>

#include "atomic.h"
#include "capture/rule.h"
#include "lock.h"

#define CALLS_PIECE_BITS 12
#define CALLS_MAX        (1u << 24)

struct call {
	uint64_t pc; /* or a marker: see FORMAT.md */
	struct rule rule;
};

/* Kept apart, since unwinding does not need it. */
struct call_place {
	_Atomic uint32_t module; /* see modules.h */
	_Atomic bool resolved;
	_Atomic bool retired;
};

extern HIDDEN struct call *calls_pieces[CALLS_MAX >> CALLS_PIECE_BITS];
extern HIDDEN struct call_place *calls_places[CALLS_MAX >> CALLS_PIECE_BITS];
extern HIDDEN _Atomic uint32_t calls_generation;

/* Taken to make calls and nodes (tree.h). Nothing else is taken under it but the memory's. */
extern struct lock capture_lock;

static inline const struct call *calls_get(uint32_t id)
{
	return &calls_pieces[id >> CALLS_PIECE_BITS][id & ((1u << CALLS_PIECE_BITS) - 1)];
}

static inline struct call_place *calls_place(uint32_t id)
{
	return &calls_places[id >> CALLS_PIECE_BITS][id & ((1u << CALLS_PIECE_BITS) - 1)];
}

/* Call 0 exists, and is at no address. False: no memory. */
bool calls_start(void);

/* The call at a return address, made if it is new. 0: no memory. */
uint32_t calls_find(uint64_t pc);

/* Ids in use are 1 to this. */
uint32_t calls_count(void);

/* The code from `start` to `end` is gone: gives its calls to `module`, and lets no later stack find
 * them. */
void calls_retire(uint64_t start, uint64_t end, uint32_t module);

#endif
