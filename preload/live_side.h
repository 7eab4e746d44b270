/* SPDX-License-Identifier: MIT */
/*
 * The side table of a live map: a plain hash table from address to block, for the few that a cell
 * of the shadow table cannot hold. Needs the live map's lock, but for live_side_may_have(): what a
 * thread put there itself, or was handed by who did, it sees.
 */
#ifndef PRELOAD_LIVE_SIDE_H
#define PRELOAD_LIVE_SIDE_H

#include "atomic.h"
#include "live.h"

struct live_side_entry {
	uint64_t address; /* 0: free */
	struct live_block block;
};

#define LIVE_SIDE_FILTER_BITS 12 /* small enough for the nearest cache */

struct live_side {
	struct live_side_entry *entries;
	uint64_t mask, used;
	bool watched; /* its addresses are also in watch.h */
	/* How many of the addresses with this hash are there; 255 is for ever. See watch.h. */
	_Atomic uint8_t filter[1u << LIVE_SIDE_FILTER_BITS];
};

static inline uint64_t live_side_hash(uint64_t address)
{
	return (address * 0x9E3779B97F4A7C15u) >> (64 - LIVE_SIDE_FILTER_BITS);
}

/* False: it has not. */
static inline bool live_side_may_have(const struct live_side *side, uint64_t address)
{
	return load_relaxed(&side->filter[live_side_hash(address)]) != 0;
}

bool live_side_put(struct live_side *side, uint64_t address, struct live_block block);

/* Site 0 if there is none. `take` forgets it. */
struct live_block live_side_find(struct live_side *side, uint64_t address, bool take);

/* The start of the block that spans `address`, or 0. Looks at all of them. */
uint64_t live_side_spanning(const struct live_side *side, uint64_t address,
			    struct live_block *block);

/* Whether one begins in [start, end). Looks at all of them. */
bool live_side_any(const struct live_side *side, uint64_t start, uint64_t end);

void live_side_take_range(struct live_side *side, uint64_t start, uint64_t end,
			  void (*each)(struct live_block entry, void *context), void *context);

#endif
