/* SPDX-License-Identifier: MIT */
/*
 * The shadow table of the live map; see live.h.
 *
 * 47 bits of address: the top 15 select a middle table, the next 12 a leaf, the next 16 a cell;
 * the last 4 are zero. A leaf covers 1 MiB of heap and, wholly used, takes 512 KiB.
 */
#include "live.h"

#include <stddef.h>

#include "live_side.h"
#include "mem.h"

#define GRAIN_BITS  4
#define LEAF_BITS   16
#define MIDDLE_BITS 12
#define TOP_BITS    15

#define LEAF_CELLS  (1u << LEAF_BITS)
#define LEAF_SPAN   ((uint64_t)LEAF_CELLS << GRAIN_BITS)
#define ADDRESS_END (1ull << (TOP_BITS + MIDDLE_BITS + LEAF_BITS + GRAIN_BITS))

/* A cell: site in the low 26 bits, size in the next 30; the top 8 are kept for the block's age. */
#define SITE_BITS 26
#define SIZE_BITS 30
#define SITE_MASK ((1ull << SITE_BITS) - 1)
#define SIZE_MASK ((1ull << SIZE_BITS) - 1)
#define SIZE_OVER SIZE_MASK /* the real size is in the side table */

struct leaf {
	uint64_t cells[LEAF_CELLS];
};

struct middle {
	struct leaf *leaves[1u << MIDDLE_BITS];
};

static struct middle *tops[LIVE_MAPS][1u << TOP_BITS];
static struct live_side sides[LIVE_MAPS];

static struct leaf **leaf_place(enum live_map map, uint64_t address, bool make)
{
	struct middle **middle = &tops[map][address >> (MIDDLE_BITS + LEAF_BITS + GRAIN_BITS)];

	if (!*middle && make)
		*middle = mem_take(sizeof(**middle));
	if (!*middle)
		return NULL;
	return &(*middle)
			->leaves[(address >> (LEAF_BITS + GRAIN_BITS)) & ((1u << MIDDLE_BITS) - 1)];
}

static uint64_t *find_cell(enum live_map map, uint64_t address, bool make)
{
	struct leaf **leaf = leaf_place(map, address, make);

	if (!leaf)
		return NULL;
	if (!*leaf && make)
		*leaf = mem_take(sizeof(**leaf));
	if (!*leaf)
		return NULL;
	return &(*leaf)->cells[(address >> GRAIN_BITS) & (LEAF_CELLS - 1)];
}

static bool has_cell(uint64_t address)
{
	return address % (1u << GRAIN_BITS) == 0 && address < ADDRESS_END;
}

static struct live_block unpack(enum live_map map, uint64_t address, uint64_t cell, bool take)
{
	struct live_block entry = {cell & SITE_MASK, (cell >> SITE_BITS) & SIZE_MASK};

	if (entry.size == SIZE_OVER && entry.site)
		entry.size = live_side_find(&sides[map], address, take).size;
	return entry;
}

bool live_put(enum live_map map, const void *block, struct live_block entry, struct live_block *old)
{
	uint64_t address = (uint64_t)block;
	uint64_t size = entry.size < SIZE_OVER ? entry.size : SIZE_OVER;
	uint64_t *cell;

	if (!has_cell(address)) {
		*old = live_side_find(&sides[map], address, true);
		return live_side_put(&sides[map], address, entry);
	}
	cell = find_cell(map, address, true);
	if (!cell)
		return false;
	*old = unpack(map, address, *cell, true);
	*cell = 0;
	if (size == SIZE_OVER && !live_side_put(&sides[map], address, entry))
		return false;
	*cell = entry.site | size << SITE_BITS;
	return true;
}

struct live_block live_take(enum live_map map, const void *block)
{
	uint64_t address = (uint64_t)block;
	struct live_block entry = {0, 0};
	uint64_t *cell;

	if (!has_cell(address))
		return live_side_find(&sides[map], address, true);
	cell = find_cell(map, address, false);
	if (cell && *cell) {
		entry = unpack(map, address, *cell, true);
		*cell = 0;
	}
	return entry;
}

bool live_is_known(enum live_map map, const void *block)
{
	uint64_t address = (uint64_t)block;
	const uint64_t *cell;

	if (!has_cell(address))
		return live_side_find(&sides[map], address, false).site != 0;
	cell = find_cell(map, address, false);
	return cell && *cell;
}

uint64_t live_spanning(enum live_map map, const void *address, struct live_block *entry)
{
	uint64_t target = (uint64_t)address, at = target & ~15ull;
	uint64_t limit = target > LIVE_REACH ? target - LIVE_REACH : 16;

	while (at >= limit && at < ADDRESS_END) {
		uint64_t *cell = find_cell(map, at, false);

		if (!cell) { /* no leaf: go to the end of the one before */
			at = at / LEAF_SPAN * LEAF_SPAN - 16;
			continue;
		}
		if (*cell) {
			*entry = unpack(map, at, *cell, false);
			return target - at < entry->size ? at : 0;
		}
		at -= 16;
	}
	return 0;
}

void live_take_range(enum live_map map, uint64_t start, uint64_t end,
		     void (*each)(struct live_block entry))
{
	for (uint64_t at = (start + 15) & ~15ull; at < end; at += 16) {
		uint64_t *cell = find_cell(map, at, false);

		if (!cell) {
			at = (at / LEAF_SPAN + 1) * LEAF_SPAN - 16;
			continue;
		}
		if (*cell) {
			each(unpack(map, at, *cell, true));
			*cell = 0;
		}
	}
	live_side_take_range(&sides[map], start, end, each);
}
