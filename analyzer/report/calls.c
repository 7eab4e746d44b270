/* SPDX-License-Identifier: MIT */
/* Calls out of call stacks; see calls.h. */
#include "report/calls.h"

#include <stdlib.h>

#include "report/report.h"
#include "util/buffer.h"
#include "util/memory.h"

/* What is allocated by a node and all that it calls. */
struct total {
	bool is_taken; /* there is a site that is */
	uint64_t allocations, allocated_bytes;
};

struct finder {
	struct calls *calls;
	struct report *report;
	struct side *side;
	struct pairs known; /* of place and callee: the number is the index plus 1 */
	struct total *totals;
};

static void add(struct finder *finder, const struct frame *frame, uint32_t callee,
		const struct total *total)
{
	struct calls *calls = finder->calls;
	struct places *places = &finder->report->places;
	uint32_t number = pairs_number(&finder->known, frame->place, callee);

	if (number > calls->count) {
		calls->items = array_grow(calls->items, calls->count, &calls->capacity,
					  sizeof(*calls->items));
		calls->items[calls->count++] = (struct call){
			.function = places_coarsen(places, frame->place, GROUP_FUNCTION),
			.line = places_get(places, frame->place)->line,
			.place = frame->place,
			.from_line = frame->from_line,
			.callee = callee,
		};
	}
	calls->items[number - 1].allocations += total->allocations;
	calls->items[number - 1].allocated_bytes += total->allocated_bytes;
}

/* The innermost frame of a node, or of those around it, that is not heapmark's own; NULL: none. */
static const struct frame *inner_frame(struct finder *finder, uint32_t node)
{
	for (; node; node = finder->side->profile.nodes[node].parent) {
		uint32_t count;
		const struct frame *frames = stacks_frames(&finder->side->stacks, node, &count);

		for (uint32_t i = 0; i < count; i++)
			if (frames[i].skip != SKIP_SHIM)
				return &frames[i];
	}
	return NULL;
}

/* The calls within a node, by inlined frames, and the one that leads into it. */
static void add_node(struct finder *finder, uint32_t node)
{
	struct places *places = &finder->report->places;
	const struct frame *inner = NULL, *outer;
	uint32_t count;
	const struct frame *frames = stacks_frames(&finder->side->stacks, node, &count);

	for (uint32_t i = 0; i < count; i++) {
		if (frames[i].skip == SKIP_SHIM)
			continue;
		if (inner)
			add(finder, &frames[i],
			    places_coarsen(places, inner->place, GROUP_FUNCTION),
			    &finder->totals[node]);
		inner = &frames[i];
	}
	outer = inner_frame(finder, finder->side->profile.nodes[node].parent);
	if (inner && outer)
		add(finder, outer, places_coarsen(places, inner->place, GROUP_FUNCTION),
		    &finder->totals[node]);
}

static void add_site(struct finder *finder, uint32_t index)
{
	const struct profile *profile = &finder->side->profile;
	const struct site *site = &profile->sites[index];
	const struct place domain = {.domain = profile->domains[site->domain].name};
	const struct frame *frame = inner_frame(finder, site->node);
	const struct total own = {true, site->now.allocations, site->now.allocated_bytes};

	finder->totals[site->node].is_taken = true;
	finder->totals[site->node].allocations += own.allocations;
	finder->totals[site->node].allocated_bytes += own.allocated_bytes;
	if (frame)
		add(finder, frame, places_intern(&finder->report->places, &domain), &own);
}

/* Parents have smaller numbers than their children, so one pass from the end reaches all. */
static void add_nodes(struct finder *finder)
{
	const struct profile *profile = &finder->side->profile;

	for (uint32_t node = (uint32_t)profile->node_count; node-- > 1;) {
		struct total *total = &finder->totals[node];
		struct total *around = &finder->totals[profile->nodes[node].parent];

		if (!total->is_taken)
			continue;
		around->is_taken = true;
		around->allocations += total->allocations;
		around->allocated_bytes += total->allocated_bytes;
		add_node(finder, node);
	}
}

static int compare(const void *left, const void *right)
{
	const struct call *a = left, *b = right;

	if (a->function != b->function)
		return a->function < b->function ? -1 : 1;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return a->callee < b->callee ? -1 : a->callee > b->callee;
}

static void find_callers(struct calls *calls)
{
	size_t capacity = 0;

	for (size_t i = 0; i < calls->count; i++) {
		struct caller *caller;

		if (!i || calls->items[i].function != calls->items[i - 1].function) {
			calls->callers = array_grow(calls->callers, calls->caller_count, &capacity,
						    sizeof(*calls->callers));
			calls->callers[calls->caller_count++] =
				(struct caller){calls->items[i].function, 0, i, 0};
		}
		caller = &calls->callers[calls->caller_count - 1];
		caller->count++;
		if (!caller->from_line)
			caller->from_line = calls->items[i].from_line;
	}
}

void calls_find(struct calls *calls, struct report *report, struct side *side)
{
	const struct profile *profile = &side->profile;
	struct finder finder = {calls, report, side, PAIRS_INIT,
				xcalloc(profile->node_count, sizeof(struct total))};

	*calls = (struct calls){0};
	for (uint32_t i = 1; i < profile->site_count; i++)
		if (side_takes(side, i))
			add_site(&finder, i);
	add_nodes(&finder);
	if (calls->count)
		qsort(calls->items, calls->count, sizeof(*calls->items), compare);
	find_callers(calls);
	pairs_release(&finder.known);
	free(finder.totals);
}

void calls_release(struct calls *calls)
{
	free(calls->items);
	free(calls->callers);
	*calls = (struct calls){0};
}
