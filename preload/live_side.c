/* SPDX-License-Identifier: MIT */
/* Open addressing with backward-shift deletion, so that there are no tombstones. */
#include "live_side.h"

#include <stddef.h>

#include "mem.h"
#include "watch.h"

#define FIRST_ROOM 256

static uint64_t home(const struct live_side *side, uint64_t address)
{
	return (address * 0x9E3779B97F4A7C15u >> 20) & side->mask;
}

static void filter_add(struct live_side *side, uint64_t address, int by)
{
	watch_count(&side->filter[live_side_hash(address)], by);
	if (side->watched)
		watch_count(&watch_counts[watch_place(address)], by);
}

/* Returns whether the address is new. */
static bool place(struct live_side *side, struct live_side_entry entry)
{
	uint64_t at = home(side, entry.address);
	bool new;

	while (side->entries[at].address && side->entries[at].address != entry.address)
		at = (at + 1) & side->mask;
	new = side->entries[at].address == 0;
	side->used += new;
	side->entries[at] = entry;
	return new;
}

static bool grow(struct live_side *side)
{
	struct live_side_entry *old = side->entries;
	uint64_t old_room = old ? side->mask + 1 : 0;
	uint64_t room = old ? old_room * 2 : FIRST_ROOM;
	struct live_side_entry *entries = mem_map(room * sizeof(*entries));

	if (!entries)
		return false;
	side->entries = entries;
	side->mask = room - 1;
	side->used = 0;
	for (uint64_t i = 0; i < old_room; i++)
		if (old[i].address)
			place(side, old[i]);
	mem_unmap(old, old_room * sizeof(*entries));
	return true;
}

bool live_side_put(struct live_side *side, uint64_t address, struct live_block block)
{
	if ((!side->entries || side->used >= (side->mask + 1) / 2) && !grow(side))
		return false;
	if (place(side, (struct live_side_entry){address, block}))
		filter_add(side, address, 1);
	return true;
}

/* Closes the gap at `hole` by moving up entries that may not lie beyond it. */
static void close_gap(struct live_side *side, uint64_t hole)
{
	uint64_t at = hole;

	filter_add(side, side->entries[hole].address, -1);
	for (;;) {
		at = (at + 1) & side->mask;
		if (!side->entries[at].address)
			break;
		if (((at - home(side, side->entries[at].address)) & side->mask) >=
		    ((at - hole) & side->mask)) {
			side->entries[hole] = side->entries[at];
			hole = at;
		}
	}
	side->entries[hole].address = 0;
	side->used--;
}

struct live_block live_side_find(struct live_side *side, uint64_t address, bool take)
{
	struct live_block block = {.site = 0};
	uint64_t at;

	if (!side->entries)
		return block;
	for (at = home(side, address); side->entries[at].address; at = (at + 1) & side->mask) {
		if (side->entries[at].address != address)
			continue;
		block = side->entries[at].block;
		if (take)
			close_gap(side, at);
		break;
	}
	return block;
}

uint64_t live_side_spanning(const struct live_side *side, uint64_t address,
			    struct live_block *block)
{
	for (uint64_t i = 0; side->used && i <= side->mask; i++) {
		const struct live_side_entry *entry = &side->entries[i];

		if (!entry->address || address - entry->address >= entry->block.size)
			continue;
		*block = entry->block;
		return entry->address;
	}
	return 0;
}

bool live_side_any(const struct live_side *side, uint64_t start, uint64_t end)
{
	for (uint64_t i = 0; side->entries && i <= side->mask; i++)
		if (side->entries[i].address >= start && side->entries[i].address < end)
			return true;
	return false;
}

void live_side_take_range(struct live_side *side, uint64_t start, uint64_t end,
			  void (*each)(struct live_block entry, void *context), void *context)
{
	for (uint64_t i = 0; side->used && i <= side->mask;) {
		struct live_side_entry entry = side->entries[i];

		if (!entry.address || entry.address < start || entry.address >= end) {
			i++;
			continue;
		}
		each(entry.block, context);
		close_gap(side, i); /* may bring another entry here: look again */
	}
}
