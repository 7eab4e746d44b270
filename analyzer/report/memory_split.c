/* SPDX-License-Identifier: MIT */
/* Arithmetic on a snapshot's regions; see memory.h. */
#include "report/memory.h"

static const char *const kinds[HEAPMARK_REGION_LIMIT] = {
	[0] = "unknown",
	[HEAPMARK_REGION_HEAP] = "heap",
	[HEAPMARK_REGION_MAP] = "maps",
	[HEAPMARK_REGION_STACK] = "stacks",
	[HEAPMARK_REGION_FILE] = "files",
	[HEAPMARK_REGION_SHIM] = "heapmark",
	[HEAPMARK_REGION_OTHER] = "other",
};

const char *memory_kind(unsigned kind)
{
	return kinds[kind];
}

static uint64_t less(uint64_t whole, uint64_t part)
{
	return whole > part ? whole - part : 0;
}

struct heap_split heap_split(const struct snapshot *snapshot)
{
	const struct region_sum *heap = &snapshot->regions[HEAPMARK_REGION_HEAP];
	uint64_t requested = snapshot->totals.live_bytes;

	return (struct heap_split){
		.requested = requested,
		.allocator = less(heap->bytes, requested),
		.not_resident = less(heap->bytes, heap->resident_bytes),
	};
}

uint64_t memory_resident(const struct snapshot *snapshot)
{
	uint64_t bytes = 0;

	for (unsigned i = 0; i < HEAPMARK_REGION_LIMIT; i++)
		bytes += snapshot->regions[i].resident_bytes;
	return bytes;
}

const struct snapshot *memory_largest(const struct profile *profile)
{
	const struct snapshot *largest = NULL;

	for (size_t i = 0; i < profile->snapshot_count; i++) {
		const struct snapshot *snapshot = &profile->snapshots[i];

		if (snapshot->has_regions &&
		    (!largest || snapshot->totals.live_bytes > largest->totals.live_bytes))
			largest = snapshot;
	}
	return largest;
}

const struct snapshot *memory_last(const struct profile *profile)
{
	for (size_t i = profile->snapshot_count; i-- > 0;)
		if (profile->snapshots[i].has_regions)
			return &profile->snapshots[i];
	return NULL;
}
