/* SPDX-License-Identifier: MIT */
/*
 * Counters: one cell per site and thread, which only that thread writes.
 *
 * A site's value is the sum of its cells, and a block that one thread allocates and another frees
 * makes the second one's cell negative: live values are counted modulo 2^64, and right in the sum.
 * Others read cells only while their owner is stopped (world.h).
 */
#ifndef PRELOAD_CELLS_H
#define PRELOAD_CELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "atomic.h"

#define CELL_PIECE_BITS  9
#define CELL_PIECE_ITEMS (1u << CELL_PIECE_BITS)

struct cell {
	uint64_t allocations, allocated_bytes;
	uint64_t frees, freed_bytes; /* the bytes also count what shrank, less what grew */
	uint64_t temporary, reallocations;
	uint64_t max_bytes;               /* of the cell's own live bytes */
	uint64_t peak_blocks, peak_bytes; /* live at the peak of `epoch` */
	uint32_t epoch;                   /* see peak.h */
	int32_t moved_dirty; /* twice the blocks that left without being freed, less those that came
				unallocated; and 1 for a place in the list of those that changed */
};

/* A thread's cells, by site; and the sites whose cells changed since they were last taken. */
struct cells {
	struct cell **pieces;
	uint32_t piece_room;
	uint32_t *dirty;
	uint32_t dirty_count, dirty_room;
	bool dirty_lost; /* no memory for the list: any may have changed */
};

/* Also while the owner changes it; then it may be a little off. */
static HOT uint64_t cell_live_blocks(const struct cell *cell)
{
	int64_t moved = load_owned(&cell->moved_dirty) >> 1;

	return load_owned(&cell->allocations) - load_owned(&cell->frees) - (uint64_t)moved;
}

static HOT void cell_move_blocks(struct cell *cell, int32_t blocks)
{
	add_owned(&cell->moved_dirty, blocks * 2);
}

static HOT bool cell_is_dirty(const struct cell *cell)
{
	return cell->moved_dirty & 1;
}

static HOT void cell_clean(struct cell *cell)
{
	cell->moved_dirty &= ~1;
}

static HOT uint64_t cell_live_bytes(const struct cell *cell)
{
	return cell->allocated_bytes - cell->freed_bytes;
}

/* Keeps the values at the peak, if there has been one since the cell was last touched. Before any
 * change to its live values, and before its peak_* are read. */
static HOT void cell_settle(struct cell *cell, uint32_t epoch)
{
	if (likely(cell->epoch == epoch))
		return;
	cell->epoch = epoch;
	cell->peak_blocks = cell_live_blocks(cell);
	cell->peak_bytes = cell_live_bytes(cell);
}

static HOT void cell_note_max(struct cell *cell)
{
	int64_t live = (int64_t)cell_live_bytes(cell);

	if (live > (int64_t)cell->max_bytes)
		cell->max_bytes = (uint64_t)live;
}

/* The owner's cell of a site if it exists, or NULL. */
static HOT struct cell *cells_get(const struct cells *cells, uint32_t site)
{
	uint32_t piece = site >> CELL_PIECE_BITS;

	if (unlikely(piece >= cells->piece_room || !cells->pieces[piece]))
		return NULL;
	return &cells->pieces[piece][site & (CELL_PIECE_ITEMS - 1)];
}

/* Makes it. NULL: no memory. */
struct cell *cells_make(struct cells *cells, uint32_t site);

static HOT struct cell *cells_find(struct cells *cells, uint32_t site)
{
	struct cell *cell = cells_get(cells, site);

	return likely(cell) ? cell : cells_make(cells, site);
}

void cells_list_dirty(struct cells *cells, struct cell *cell, uint32_t site);

static HOT void cell_mark_dirty(struct cells *cells, struct cell *cell, uint32_t site)
{
	if (unlikely(!cell_is_dirty(cell)))
		cells_list_dirty(cells, cell, site);
}

#endif
