/* SPDX-License-Identifier: MIT */
/* Call stacks without their like; see unpaired.h. */
#include "report/unpaired.h"

#include <stdlib.h>

#include "util/buffer.h"
#include "util/memory.h"

static void fill_steps(struct report *report, struct side *side, struct unpaired_stack *stack)
{
	const struct translation *translation = side->stacks.translation;
	const struct node *nodes = side->profile.nodes;
	size_t capacity = 0, used = 0;

	for (uint32_t node = stack->node, count; node; node = nodes[node].parent) {
		const struct frame *frames = stacks_frames(&side->stacks, node, &count);

		for (uint32_t i = 0; i < count; i++) {
			uint32_t place = frames[i].place, function;

			if (frames[i].skip == SKIP_SHIM)
				continue;
			function = places_coarsen(&report->places, place, GROUP_FUNCTION);
			stack->steps =
				array_grow(stack->steps, used, &capacity, sizeof(struct step));
			stack->steps[used++] = (struct step){
				.place = translation_place(translation, place),
				.function = translation_place(translation, function),
				.is_own = frames[i].skip == SKIP_NOT,
			};
		}
	}
	stack->count = (uint32_t)used;
	steps_weigh(stack->steps, used);
}

/* Adds a site to its stack; `numbers` tells paths that are known. */
static void add(struct report *report, struct side *side, struct unpaired *unpaired,
		struct pairs *numbers, uint32_t index)
{
	const struct site *site = &side->profile.sites[index];
	uint32_t path = stacks_path(&side->stacks, site->node);
	uint32_t number = pairs_number(numbers, path, 0);

	if (number > unpaired->count) {
		unpaired->items = array_grow(unpaired->items, unpaired->count, &unpaired->capacity,
					     sizeof(*unpaired->items));
		unpaired->items[unpaired->count++] = (struct unpaired_stack){
			.path = path,
			.key = report_key(report, side, index),
			.node = site->node,
		};
	}
	unpaired->items[number - 1].allocated_bytes += site->now.allocated_bytes;
}

static int by_bytes(const void *left, const void *right)
{
	const struct unpaired_stack *a = left, *b = right;

	if (a->allocated_bytes != b->allocated_bytes)
		return a->allocated_bytes < b->allocated_bytes ? 1 : -1;
	return a->node < b->node ? -1 : a->node > b->node;
}

static void finish(struct report *report, struct side *side, struct unpaired *unpaired)
{
	if (unpaired->count)
		qsort(unpaired->items, unpaired->count, sizeof(*unpaired->items), by_bytes);
	for (size_t i = 0; i < unpaired->count; i++)
		fill_steps(report, side, &unpaired->items[i]);
}

/* By path: whether the side has it. The caller frees the array. */
static bool *paths_of(struct report *report, struct side *side)
{
	bool *has;

	for (unsigned i = 0; i < 2; i++) /* all that there will be */
		stacks_path(&report->sides[i].stacks, 0);
	has = xcalloc(report->paths.count + 1, sizeof(*has));
	for (uint32_t i = 1; i < side->profile.site_count; i++)
		if (side_takes(side, i))
			has[stacks_path(&side->stacks, side->profile.sites[i].node)] = true;
	return has;
}

struct unpaired unpaired_find(struct report *report, unsigned index)
{
	struct side *side = &report->sides[index], *other = &report->sides[1 - index];
	bool *is_known = paths_of(report, other);
	struct unpaired unpaired = {0};
	struct pairs numbers = PAIRS_INIT;

	for (uint32_t i = 1; i < side->profile.site_count; i++)
		if (side_takes(side, i) &&
		    !is_known[stacks_path(&side->stacks, side->profile.sites[i].node)])
			add(report, side, &unpaired, &numbers, i);
	pairs_release(&numbers);
	free(is_known);
	finish(report, side, &unpaired);
	for (size_t i = 0; i < unpaired.count; i++)
		unpaired.items[i].row_is_left = !tally_find(&other->tally, unpaired.items[i].key);
	return unpaired;
}

void unpaired_release(struct unpaired *unpaired)
{
	for (size_t i = 0; i < unpaired->count; i++)
		free(unpaired->items[i].steps);
	free(unpaired->items);
}
