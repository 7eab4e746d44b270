/* SPDX-License-Identifier: MIT */
/* From the profile's nodes to contexts; see callers.h. */
#include "export/callers.h"

#include <stdlib.h>

#include "util/buffer.h"
#include "util/memory.h"

/* While a tree is built. */
struct builder {
	struct callers *callers;
	const struct export *export;
	enum group group;
	uint32_t *context_of; /* by the profile's node */
	size_t node_capacity;
};

static uint32_t add_context(struct builder *builder, uint32_t caller, uint32_t place, uint32_t node)
{
	struct callers *callers = builder->callers;
	uint32_t known = callers_count(callers);
	uint32_t context = pairs_number(&callers->contexts, caller, place);

	if (context >= known) {
		callers->node_of = array_grow(callers->node_of, context, &builder->node_capacity,
					      sizeof(*callers->node_of));
		callers->node_of[context] = node;
	}
	return context;
}

/* Several for inlined calls; none if the frame is heapmark's own. */
static void add_node(struct builder *builder, uint32_t node)
{
	uint32_t count,
		context = builder->context_of[builder->export->side->profile.nodes[node].parent];
	const struct frame *frames = stacks_frames(&builder->export->side->stacks, node, &count);

	for (uint32_t i = count; i-- > 0;)
		if (frames[i].skip != SKIP_SHIM)
			context = add_context(builder, context,
					      places_coarsen(&builder->export->report->places,
							     frames[i].place, builder->group),
					      node);
	builder->context_of[node] = context;
}

/* Whatever leads to a site that was asked for; the rest need not be looked up. */
static bool *needed_nodes(const struct builder *builder)
{
	const struct profile *profile = &builder->export->side->profile;
	bool *needed = xcalloc(profile->node_count, sizeof(*needed));

	for (uint32_t i = 1; i < profile->site_count; i++) {
		uint32_t node = profile->sites[i].node;

		if (!side_takes(builder->export->side, i))
			continue;
		for (; node && !needed[node]; node = profile->nodes[node].parent)
			needed[node] = true;
	}
	return needed;
}

static uint32_t unknown_context(struct builder *builder)
{
	struct place place = {.marker = HEAPMARK_MARKER_UNKNOWN};

	return add_context(builder, 0, places_intern(&builder->export->report->places, &place), 0);
}

static void add_sites(struct builder *builder)
{
	const struct profile *profile = &builder->export->side->profile;

	for (uint32_t i = 1; i < profile->site_count; i++) {
		uint32_t context = builder->context_of[profile->sites[i].node];

		if (!side_takes(builder->export->side, i))
			continue;
		if (!context)
			context = unknown_context(builder);
		tally_add(&builder->callers->sites, context, profile, i);
	}
}

void callers_build(struct callers *callers, const struct export *export, enum group group)
{
	uint32_t node_count = (uint32_t) export->side->profile.node_count;
	struct builder builder = {callers, export, group, NULL, 0};
	bool *needed;

	*callers = (struct callers){PAIRS_INIT, NULL, TALLY_INIT};
	callers->node_of = array_grow(NULL, 0, &builder.node_capacity, sizeof(*callers->node_of));
	builder.context_of = xcalloc(node_count, sizeof(uint32_t));
	needed = needed_nodes(&builder);
	/* Callers have smaller numbers than what they call. */
	for (uint32_t node = 1; node < node_count; node++)
		if (needed[node])
			add_node(&builder, node);
	add_sites(&builder);
	free(builder.context_of);
	free(needed);
}

void callers_release(struct callers *callers)
{
	pairs_release(&callers->contexts);
	tally_release(&callers->sites);
	free(callers->node_of);
	*callers = (struct callers){PAIRS_INIT, NULL, TALLY_INIT};
}

uint32_t callers_count(const struct callers *callers)
{
	return callers->contexts.count ? (uint32_t)callers->contexts.count : 1;
}

uint32_t callers_next(const struct callers *callers, uint32_t context)
{
	return (uint32_t)(callers->contexts.pairs[context] >> 32);
}

uint32_t callers_place(const struct callers *callers, uint32_t context)
{
	return (uint32_t)callers->contexts.pairs[context];
}

void callers_chain(const struct callers *callers, uint32_t context, struct chain *chain)
{
	chain->count = 0;
	for (; context; context = callers_next(callers, context)) {
		chain->contexts = array_grow(chain->contexts, chain->count, &chain->capacity,
					     sizeof(*chain->contexts));
		chain->contexts[chain->count++] = context;
	}
}

void chain_release(struct chain *chain)
{
	free(chain->contexts);
	*chain = (struct chain)CHAIN_INIT;
}
