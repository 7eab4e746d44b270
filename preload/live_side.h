/* SPDX-License-Identifier: MIT */
/*
 * The side table of a live map: a plain hash table from address to block, for the few that a cell
 * of the shadow table cannot hold. Needs the tables lock.
 */
#ifndef PRELOAD_LIVE_SIDE_H
#define PRELOAD_LIVE_SIDE_H

#include "live.h"

struct live_side_entry {
	uint64_t address; /* 0: free */
	struct live_block block;
};

struct live_side {
	struct live_side_entry *entries;
	uint64_t mask, used;
};

bool live_side_put(struct live_side *side, uint64_t address, struct live_block block);

/* Site 0 if there is none. `take` forgets it. */
struct live_block live_side_find(struct live_side *side, uint64_t address, bool take);

/* The start of the block that spans `address`, or 0. Looks at all of them. */
uint64_t live_side_spanning(const struct live_side *side, uint64_t address,
			    struct live_block *block);

void live_side_take_range(struct live_side *side, uint64_t start, uint64_t end,
			  void (*each)(struct live_block entry));

#endif
