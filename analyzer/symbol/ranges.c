/* SPDX-License-Identifier: MIT */
/* Nested ranges flattened into segments; see ranges.h. */
#include "symbol/ranges.h"

#include <stdlib.h>

#include "util/memory.h"

void ranges_release(struct ranges *ranges)
{
	free(ranges->items);
	*ranges = (struct ranges){0};
}

void ranges_add(struct ranges *ranges, uint64_t low, uint64_t high, uint32_t owner)
{
	if (low >= high)
		return;
	if (ranges->count == ranges->capacity) {
		ranges->capacity = ranges->capacity ? 2 * ranges->capacity : 2;
		ranges->items =
			xreallocarray(ranges->items, ranges->capacity, sizeof(*ranges->items));
	}
	ranges->items[ranges->count] = (struct range){low, high, owner, (uint32_t)ranges->count};
	ranges->count++;
}

/* Outer before inner: by start, then the longer first, then as added. */
static int compare(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	if (x->low != y->low)
		return x->low < y->low ? -1 : 1;
	if (x->high != y->high)
		return x->high > y->high ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* The sweep: `open` is the stack of ranges around `at`, the innermost on top. */
struct sweep {
	struct ranges out;
	const struct range **open;
	size_t depth;
	uint64_t at;
};

static void sweep_emit(struct sweep *sweep, uint64_t until, uint32_t owner)
{
	if (until <= sweep->at)
		return;
	ranges_add(&sweep->out, sweep->at, until, owner);
	sweep->at = until;
}

static void sweep_to(struct sweep *sweep, uint64_t address)
{
	while (sweep->depth && sweep->open[sweep->depth - 1]->high <= address) {
		sweep->depth--;
		sweep_emit(sweep, sweep->open[sweep->depth]->high,
			   sweep->open[sweep->depth]->owner);
	}
	if (sweep->depth)
		sweep_emit(sweep, address, sweep->open[sweep->depth - 1]->owner);
	if (sweep->at < address)
		sweep->at = address;
}

void ranges_build(struct ranges *ranges)
{
	struct sweep sweep = {.open = xcalloc(ranges->count, sizeof(*sweep.open))};

	if (ranges->count)
		qsort(ranges->items, ranges->count, sizeof(*ranges->items), compare);
	for (size_t i = 0; i < ranges->count; i++) {
		sweep_to(&sweep, ranges->items[i].low);
		sweep.open[sweep.depth++] = &ranges->items[i];
	}
	sweep_to(&sweep, UINT64_MAX);
	free(sweep.open);
	free(ranges->items);
	*ranges = sweep.out;
}

uint32_t ranges_find(const struct ranges *ranges, uint64_t address)
{
	size_t low = 0, high = ranges->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (ranges->items[middle].high <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == ranges->count || ranges->items[low].low > address)
		return RANGES_NONE;
	return ranges->items[low].owner;
}
