/* SPDX-License-Identifier: MIT */
/*
 * Counters: one cell per site and thread, which only that thread writes.
 *
 * A site's value is the sum of its cells, and a block that one thread allocates and another frees
 * makes the second one's cell negative: live values are counted modulo 2^64, and right in the sum.
 * Others read cells only while their owner is stopped (world.h); so the owner makes and changes
 * them in sections. How many have changed may be asked at any time.
 */
#ifndef PRELOAD_CELLS_H
#define PRELOAD_CELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "atomic.h"

#define CELL_PIECE_BITS  9
#define CELL_PIECE_ITEMS (1u << CELL_PIECE_BITS)

/* One line of a cache: most of what an event touches. */
struct cell {
	_Alignas(64) uint64_t allocations;
	uint64_t allocated_bytes;
	uint64_t frees, freed_bytes;       /* blocks and bytes that left, less those that came, in
					      whatever way: see struct cell_more */
	uint64_t max_bytes;                /* of the cell's own live bytes */
	uint64_t peak_blocks, peak_bytes;  /* live at the peak of the epoch */
	uint16_t temporary, reallocations; /* modulo CELL_CARRY: see struct cell_more */
	uint32_t stamp; /* the epoch (peak.h); without CELL_LISTED if the cell is not on the list of
			   those that changed */
};
_Static_assert(sizeof(struct cell) == 64, "a cell is one line of a cache");

#define CELL_LISTED 1u /* epochs are odd */
#define CELL_CARRY  (1u << 16)

/* What hardly ever changes. */
struct cell_more {
	uint64_t temporary, reallocations; /* besides those in the cell */
	int64_t moved; /* in frees, but were not freed: less those that came unallocated */
};

struct cell_piece {
	struct cell cells[CELL_PIECE_ITEMS];
	struct cell_more *more; /* of each, or NULL: all are 0 */
};

/* A thread's cells, by site; and the sites whose cells changed since they were last taken. */
struct cells {
	struct cell_piece **pieces;
	uint32_t piece_room;
	uint32_t *dirty;
	uint32_t dirty_count, dirty_room;
	bool dirty_lost;        /* no memory for the list: any may have changed */
	struct cell_more spare; /* for what there is no memory for; not read */
};

/* Also while the owner changes it; then it may be a little off. */
static HOT uint64_t cell_live_blocks(const struct cell *cell)
{
	return load_owned(&cell->allocations) - load_owned(&cell->frees);
}

static HOT bool cell_is_dirty(const struct cell *cell)
{
	return cell->stamp & CELL_LISTED;
}

static HOT void cell_clean(struct cell *cell)
{
	cell->stamp &= ~CELL_LISTED;
}

static HOT uint64_t cell_live_bytes(const struct cell *cell)
{
	return cell->allocated_bytes - cell->freed_bytes;
}

/* Keeps the values at the peak, if there has been one since the cell was last touched. Before any
 * change to its live values, and before its peak_* are read. */
static HOT void cell_settle(struct cell *cell, uint32_t epoch)
{
	if (likely(cell->stamp == epoch) || (cell->stamp | CELL_LISTED) == epoch)
		return;
	cell->stamp = (epoch & ~CELL_LISTED) | (cell->stamp & CELL_LISTED);
	cell->peak_blocks = cell_live_blocks(cell);
	cell->peak_bytes = cell_live_bytes(cell);
}

static HOT void cell_note_max(struct cell *cell)
{
	int64_t live = (int64_t)cell_live_bytes(cell);

	if (live > (int64_t)cell->max_bytes)
		cell->max_bytes = (uint64_t)live;
}

static HOT struct cell_piece *cells_piece(const struct cells *cells, uint32_t site)
{
	uint32_t piece = site >> CELL_PIECE_BITS;

	return likely(piece < cells->piece_room) ? cells->pieces[piece] : NULL;
}

/* The owner's cell of a site if it exists, or NULL. */
static HOT struct cell *cells_get(const struct cells *cells, uint32_t site)
{
	struct cell_piece *piece = cells_piece(cells, site);

	return likely(piece) ? &piece->cells[site % CELL_PIECE_ITEMS] : NULL;
}

/* Makes it. NULL: no memory. */
struct cell *cells_make(struct cells *cells, uint32_t site);

static HOT struct cell *cells_find(struct cells *cells, uint32_t site)
{
	struct cell *cell = cells_get(cells, site);

	return likely(cell) ? cell : cells_make(cells, site);
}

/* The rest of a cell that exists, to be changed. NULL: no memory, which is counted as a loss. */
struct cell_more *cells_make_more(struct cells *cells, uint32_t site);

/* The same for what may be lost if it must: then it goes where nobody reads it. */
static inline struct cell_more *cells_more(struct cells *cells, uint32_t site)
{
	struct cell_more *more = cells_make_more(cells, site);

	return more ? more : &cells->spare;
}

static inline bool cells_has_more(const struct cells *cells, uint32_t site)
{
	return cells_piece(cells, site)->more;
}

static HOT void cells_count_temporary(struct cells *cells, uint32_t site, struct cell *cell,
				      bool temporary)
{
	cell->temporary += temporary;
	if (unlikely(temporary & !cell->temporary))
		cells_more(cells, site)->temporary += CELL_CARRY;
}

static HOT void cells_count_realloc(struct cells *cells, uint32_t site, struct cell *cell)
{
	if (unlikely(++cell->reallocations == 0))
		cells_more(cells, site)->reallocations += CELL_CARRY;
}

/* To be read: of a cell that exists. */
struct cell_more cells_more_of(const struct cells *cells, uint32_t site);

void cells_list_dirty(struct cells *cells, struct cell *cell, uint32_t site);

static HOT void cell_mark_dirty(struct cells *cells, struct cell *cell, uint32_t site)
{
	if (unlikely(!cell_is_dirty(cell)))
		cells_list_dirty(cells, cell, site);
}

#endif
