/* SPDX-License-Identifier: MIT */
/*
 * The live map: from a block's address to its site and requested size.
 *
 * A shadow table with one 64-bit cell for every 16 bytes of heap, in three levels so that only
 * the parts beside real blocks exist. No header or trailer in the block, no padding, nothing the
 * program could overwrite. What has no cell (odd addresses, large blocks) is kept in a hash
 * table beside it.
 *
 * A map needs the tables lock for all of its functions.
 */
#ifndef PRELOAD_LIVE_H
#define PRELOAD_LIVE_H

#include <stdbool.h>
#include <stdint.h>

/* In place of a site: a block that is the shim's own doing; see own.h. */
#define LIVE_OWN ((1u << 26) - 1)

struct live_block {
	uint32_t site; /* 0: none */
	uint64_t size; /* requested bytes */
};

enum live_map {
	LIVE_HEAP,   /* blocks of the allocator */
	LIVE_PIECES, /* what pools hand out; may share addresses with the blocks they come from */
	LIVE_MAP_COUNT,
};

/* Records a block. What was recorded at that address before is returned in `old` (site 0: nothing,
 * as it should be). False: no memory, and nothing has changed. */
bool live_put(enum live_map map, const void *block, struct live_block entry,
	      struct live_block *old);

/* Forgets a block, and returns what was known of it: site 0 if nothing. */
struct live_block live_take(enum live_map map, const void *block);

/* Whether a block is recorded at this very address. */
bool live_is_known(enum live_map map, const void *block);

/* The block that spans `address`: its start, or 0. */
uint64_t live_spanning(enum live_map map, const void *address, struct live_block *entry);

/* Forgets every block from `start` up to `end`, and calls `each` for it. */
void live_take_range(enum live_map map, uint64_t start, uint64_t end,
		     void (*each)(struct live_block entry));

#endif
