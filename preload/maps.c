/* SPDX-License-Identifier: MIT */
/* A sorted array of intervals; each knows the block (one mmap() call) that it is a part of. */
#include "maps.h"

#include <string.h>

#include "account.h"
#include "lost.h"
#include "mem.h"

struct block {
	uint32_t site;
	uint32_t parts;     /* intervals that are still mapped */
	uint64_t bytes;     /* in them */
	uint32_t next_free; /* in the list of unused blocks */
};

struct interval {
	uint64_t start, end;
	uint32_t block;
};

static struct {
	struct interval *intervals;
	uint32_t count, room;
	struct block *blocks; /* block 0 is not used */
	uint32_t block_count, block_room, free_block;
} maps;

/* Doubles an array of `room` items. */
static void *grow(void *old, uint32_t *room, size_t item_bytes)
{
	uint32_t more = *room ? *room * 2 : 256;
	void *array = mem_map(more * item_bytes);

	if (!array)
		return NULL;
	if (old) {
		memcpy(array, old, *room * item_bytes);
		mem_unmap(old, *room * item_bytes);
	}
	*room = more;
	return array;
}

/* The first interval that ends after `address`. */
static uint32_t find(uint64_t address)
{
	uint32_t low = 0, high = maps.count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (maps.intervals[middle].end <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool maps_knows(uint64_t address)
{
	uint32_t at = find(address);

	return at < maps.count && maps.intervals[at].start <= address;
}

static bool make_room(void)
{
	if (maps.count + 2 > maps.room) {
		void *array = grow(maps.intervals, &maps.room, sizeof(*maps.intervals));

		if (!array)
			return false;
		maps.intervals = array;
	}
	return true;
}

static void insert(uint32_t at, struct interval interval)
{
	memmove(maps.intervals + at + 1, maps.intervals + at,
		(maps.count - at) * sizeof(*maps.intervals));
	maps.intervals[at] = interval;
	maps.count++;
}

static void erase(uint32_t at)
{
	maps.count--;
	memmove(maps.intervals + at, maps.intervals + at + 1,
		(maps.count - at) * sizeof(*maps.intervals));
}

static uint32_t new_block(uint32_t site)
{
	uint32_t id = maps.free_block;

	if (id) {
		maps.free_block = maps.blocks[id].next_free;
	} else {
		if (maps.block_count + 1 >= maps.block_room) {
			void *array = grow(maps.blocks, &maps.block_room, sizeof(*maps.blocks));

			if (!array)
				return 0;
			maps.blocks = array;
		}
		id = ++maps.block_count;
	}
	maps.blocks[id] = (struct block){.site = site};
	return id;
}

/* `bytes` of a block are unmapped, and none of its intervals has them any more. */
static void lose(struct thread *self, uint32_t id, uint64_t bytes)
{
	struct block *block = &maps.blocks[id];

	block->bytes -= bytes;
	if (block->parts > 0) {
		account_shrink(self, block->site, bytes);
		return;
	}
	account_storage_free(self, block->site, bytes);
	block->next_free = maps.free_block;
	maps.free_block = id;
}

/* What of the interval at `at` lies in [start, end). */
static struct interval overlap(uint32_t at, uint64_t start, uint64_t end)
{
	struct interval part = maps.intervals[at];

	if (start > part.start)
		part.start = start;
	if (end < part.end)
		part.end = end;
	return part;
}

void maps_each_within(uint64_t start, uint64_t end,
		      void (*each)(uint64_t start, uint64_t end, void *context), void *context)
{
	for (uint32_t at = find(start); at < maps.count && maps.intervals[at].start < end; at++) {
		struct interval part = overlap(at, start, end);

		each(part.start, part.end, context);
	}
}

/* Cuts a part out of the interval at `at`; returns whether the interval is gone. */
static bool cut(uint32_t at, struct interval part)
{
	struct interval *interval = &maps.intervals[at];
	struct interval before = *interval, after = *interval;

	before.end = part.start;
	after.start = part.end;
	if (before.start < before.end && after.start < after.end) {
		*interval = before;
		insert(at + 1, after);
		maps.blocks[before.block].parts++;
	} else if (before.start < before.end) {
		*interval = before;
	} else if (after.start < after.end) {
		*interval = after;
	} else {
		erase(at);
		maps.blocks[before.block].parts--;
		return true;
	}
	return false;
}

/* Cuts out whatever lies in the interval, and forgets it but for what is of the block `kept`: so
 * much of that was there. */
static uint64_t cut_range(struct thread *self, uint64_t start, uint64_t end, uint32_t kept)
{
	uint32_t at = find(start);
	uint64_t bytes = 0;

	while (at < maps.count && maps.intervals[at].start < end) {
		struct interval part = overlap(at, start, end);

		if (!cut(at, part))
			at++;
		if (part.block == kept)
			bytes += part.end - part.start;
		else
			lose(self, part.block, part.end - part.start);
	}
	return bytes;
}

void maps_remove(struct thread *self, uint64_t start, uint64_t bytes)
{
	if (make_room())
		cut_range(self, start, start + bytes, 0);
	else
		lost_add(HEAPMARK_LOSS_NO_MEMORY, 1);
}

/* Where the one at `at` ends, the next one of the same block may begin: then they are one. */
static void join(uint32_t at)
{
	struct interval *interval = &maps.intervals[at];

	if (at + 1 >= maps.count || interval[1].start != interval->end ||
	    interval[1].block != interval->block)
		return;
	interval->end = interval[1].end;
	erase(at + 1);
	maps.blocks[interval->block].parts--;
}

static bool add_interval(uint64_t start, uint64_t bytes, uint32_t block)
{
	uint32_t at = find(start);

	if (!make_room())
		return false;
	insert(at, (struct interval){start, start + bytes, block});
	maps.blocks[block].parts++;
	maps.blocks[block].bytes += bytes;
	join(at);
	if (at > 0)
		join(at - 1);
	return true;
}

bool maps_add(struct thread *self, uint64_t start, uint64_t bytes, uint32_t site)
{
	uint32_t block;

	maps_remove(self, start, bytes);
	block = new_block(site);
	if (!block || !add_interval(start, bytes, block))
		return false;
	account_storage_alloc(self, site, bytes);
	return true;
}

bool maps_takes(uint64_t start, uint64_t bytes, struct maps_taken *taken)
{
	uint32_t at = find(start);
	struct interval part;

	*taken = (struct maps_taken){.block = 0};
	if (start + bytes <= start || !maps_knows(start))
		return true; /* no interval; a file, or mapped before we came */
	if (at + 1 < maps.count && maps.intervals[at + 1].start < start + bytes)
		return false;
	if (!make_room()) {
		lost_add(HEAPMARK_LOSS_NO_MEMORY, 1);
		return true;
	}
	part = overlap(at, start, start + bytes);
	maps.blocks[part.block].parts++; /* held, so that it is not freed meanwhile */
	cut(at, part);
	*taken = (struct maps_taken){part.block, part.end - part.start};
	return true;
}

void maps_put(struct thread *self, struct maps_taken taken, uint64_t start, uint64_t bytes)
{
	struct block *block;

	if (!taken.block)
		return;
	maps_remove(self, start, bytes); /* mapped over */
	block = &maps.blocks[taken.block];
	block->parts--;
	block->bytes -= taken.bytes;
	if (!add_interval(start, bytes, taken.block)) {
		lost_add(HEAPMARK_LOSS_NO_MEMORY, 1);
		block->bytes += taken.bytes;
		lose(self, taken.block, taken.bytes);
	} else if (bytes > taken.bytes) {
		account_grow(self, block->site, bytes - taken.bytes);
	} else if (bytes < taken.bytes) {
		account_shrink(self, block->site, taken.bytes - bytes);
	}
}

void maps_move(struct thread *self, uint64_t old_start, uint64_t old_bytes, uint64_t start,
	       uint64_t bytes)
{
	struct maps_taken taken;

	if (!maps_knows(old_start))
		return;
	if (!make_room()) {
		lost_add(HEAPMARK_LOSS_NO_MEMORY, 1);
		return;
	}
	taken.block = maps.intervals[find(old_start)].block;
	maps.blocks[taken.block].parts++; /* as above */
	taken.bytes = cut_range(self, old_start, old_start + old_bytes, taken.block);
	maps_put(self, taken, start, bytes);
}
