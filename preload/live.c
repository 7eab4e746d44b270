/* SPDX-License-Identifier: MIT */
/*
 * The shadow table of the live map; see live.h.
 *
 * 47 bits of address: the top 15 select a middle table, the next 12 a leaf, the next 16 a cell;
 * the last 4 are zero. A leaf covers 1 MiB of heap and, wholly used, takes 512 KiB. Large blocks
 * are in the side table: they are few, and each would need a leaf of its own.
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
#define LARGE     (64u << 10)

struct leaf {
	uint64_t cells[LEAF_CELLS];
};

struct middle {
	struct leaf *leaves[1u << MIDDLE_BITS];
};

static struct middle *tops[LIVE_MAP_COUNT][1u << TOP_BITS];
static struct live_side sides[LIVE_MAP_COUNT];

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

static struct live_block unpack(uint64_t cell)
{
	return (struct live_block){cell & SITE_MASK, (cell >> SITE_BITS) & SIZE_MASK};
}

static struct live_block take_cell(uint64_t *cell)
{
	struct live_block entry = unpack(*cell);

	*cell = 0;
	return entry;
}

struct live_block live_take(enum live_map map, const void *block)
{
	uint64_t address = (uint64_t)block;
	uint64_t *cell = has_cell(address) ? find_cell(map, address, false) : NULL;

	if (cell && *cell)
		return take_cell(cell);
	return live_side_find(&sides[map], address, true);
}

bool live_put(enum live_map map, const void *block, struct live_block entry, struct live_block *old)
{
	uint64_t address = (uint64_t)block;
	uint64_t *cell;

	*old = live_take(map, block);
	if (!has_cell(address) || entry.size >= LARGE)
		return live_side_put(&sides[map], address, entry);
	cell = find_cell(map, address, true);
	if (!cell)
		return false;
	*cell = entry.site | entry.size << SITE_BITS;
	return true;
}

bool live_is_known(enum live_map map, const void *block)
{
	uint64_t address = (uint64_t)block;
	const uint64_t *cell = has_cell(address) ? find_cell(map, address, false) : NULL;

	return (cell && *cell) || live_side_find(&sides[map], address, false).site != 0;
}

uint64_t live_spanning(enum live_map map, const void *address, struct live_block *entry)
{
	uint64_t target = (uint64_t)address, at = target & ~15ull;
	uint64_t limit = target > LARGE ? target - LARGE : 16;

	uint64_t large = live_side_spanning(&sides[map], target, entry);

	if (large)
		return large;
	while (at >= limit && at < ADDRESS_END) {
		uint64_t *cell = find_cell(map, at, false);

		if (!cell) { /* no leaf: go to the end of the one before */
			at = at / LEAF_SPAN * LEAF_SPAN - 16;
			continue;
		}
		if (*cell) {
			*entry = unpack(*cell);
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
			each(take_cell(cell));
		}
	}
	live_side_take_range(&sides[map], start, end, each);
}
