/* SPDX-License-Identifier: MIT */
/*
 * The live map: from a block's address to its site and requested size.
 *
 * A shadow table with one cell for every 16 bytes of memory, in three levels so that only the parts
 * beside real blocks exist. No header or trailer in the block, no padding, nothing the program
 * could overwrite. What has no cell (odd addresses, large blocks) is kept in a hash table beside
 * it, which has a lock.
 *
 * A block belongs to one thread at a time, and so do its cells: nobody else touches them between
 * the allocation and the free, so they need no lock.
 */
#ifndef PRELOAD_LIVE_H
#define PRELOAD_LIVE_H

#include <stdbool.h>
#include <stdint.h>

/* In place of a site: a block that is the shim's own doing; see own.h. */
#define LIVE_OWN ((1u << 26) - 1)

struct live_block {
	uint32_t site; /* 0: none */
	bool is_arena; /* pools hand out pieces of it */
	bool heavier;  /* see sample.h */
	uint64_t size; /* requested bytes */
};

enum live_map {
	LIVE_HEAP,   /* blocks of the allocator */
	LIVE_PIECES, /* what pools hand out; may share addresses with the blocks they come from */
	LIVE_MAP_COUNT,
};

/* The allocator's blocks begin at least 32 bytes apart, as the C library's do: then two cells of 16
 * bytes can share what one block needs. Before the first block. */
void live_blocks_are_apart(void);

/* Only a sample of the blocks will be recorded: all in the side table. Before the first block. */
void live_blocks_are_few(void);

/* Records a block. What was recorded at that address before is returned in `old` (site 0: nothing,
 * as it should be). False: no memory, and nothing has changed. */
bool live_put(enum live_map map, const void *block, struct live_block entry,
	      struct live_block *old);

/* The same for a block that some other allocator handed out, whose blocks may be closer. */
bool live_put_close(const void *block, struct live_block entry, struct live_block *old);

/* Forgets a block, and returns what was known of it: site 0 if nothing. */
struct live_block live_take(enum live_map map, const void *block);

/* Whether a block is recorded at this very address. */
bool live_is_known(enum live_map map, const void *block);

/* The block that spans `address`: its start, or 0. */
uint64_t live_spanning(enum live_map map, const void *address, struct live_block *entry);

/* Whether blocks were recorded between the two: for sure if there is one now, and likely if there
 * were many. Looks at no more than two leaves' cells. */
bool live_any(enum live_map map, uint64_t start, uint64_t end);

/* Forgets every block from `start` up to `end`, and calls `each` for it. */
void live_take_range(enum live_map map, uint64_t start, uint64_t end,
		     void (*each)(struct live_block entry, void *context), void *context);

/* Around a fork. False: gave up. */
bool live_hold(void);
void live_release(void);
void live_child(void);

#endif
