/* SPDX-License-Identifier: MIT */
/* Room for cells: pieces that do not move, found through an array that grows; see cells.h. */
#include "cells.h"

#include <string.h>

#include "lost.h"
#include "mem.h"

#define FIRST_PIECES 32
#define FIRST_DIRTY  64

/* A copy of `old` with room for at least `need` items. What it replaces is left: it is at most as
 * much again, and others may be reading. */
static void *grow(const void *old, uint32_t *room, uint32_t first, uint32_t need, size_t item_bytes)
{
	uint32_t more = *room ? *room : first;
	void *array;

	while (more < need)
		more *= 2;
	array = mem_take(more * item_bytes);
	if (!array)
		return NULL;
	if (old)
		memcpy(array, old, *room * item_bytes);
	*room = more;
	return array;
}

COLD struct cell *cells_make(struct cells *cells, uint32_t site)
{
	uint32_t piece = site >> CELL_PIECE_BITS;

	if (piece >= cells->piece_room) {
		struct cell_piece **pieces = grow(cells->pieces, &cells->piece_room, FIRST_PIECES,
						  piece + 1, sizeof(*pieces));

		if (!pieces)
			return NULL;
		cells->pieces = pieces;
	}
	if (!cells->pieces[piece])
		cells->pieces[piece] = mem_take(sizeof(struct cell_piece));
	return cells_get(cells, site);
}

COLD struct cell_more *cells_make_more(struct cells *cells, uint32_t site)
{
	struct cell_piece *piece = cells_piece(cells, site);

	if (!piece->more)
		piece->more = mem_take(CELL_PIECE_ITEMS * sizeof(*piece->more));
	if (piece->more)
		return &piece->more[site % CELL_PIECE_ITEMS];
	lost_add(HEAPMARK_LOSS_NO_MEMORY, 1);
	return NULL;
}

struct cell_more cells_more_of(const struct cells *cells, uint32_t site)
{
	const struct cell_piece *piece = cells_piece(cells, site);

	return cells_has_more(cells, site) ? piece->more[site % CELL_PIECE_ITEMS]
					   : (struct cell_more){0};
}

COLD void cells_list_dirty(struct cells *cells, struct cell *cell, uint32_t site)
{
	cell->stamp |= CELL_LISTED;
	if (cells->dirty_count == cells->dirty_room) {
		uint32_t *dirty = grow(cells->dirty, &cells->dirty_room, FIRST_DIRTY,
				       cells->dirty_count + 1, sizeof(*dirty));

		if (!dirty) {
			store_owned(&cells->dirty_lost, true);
			return;
		}
		cells->dirty = dirty;
	}
	cells->dirty[cells->dirty_count] = site;
	add_owned(&cells->dirty_count, 1);
}
