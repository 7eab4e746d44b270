/* SPDX-License-Identifier: MIT */
/* From a tree of contexts to costs of lines and calls; see costs.h. */
#include "export/costs.h"

#include <stdlib.h>

#include "util/buffer.h"
#include "util/memory.h"

/* While costs are added up. The arrays are by context. */
struct adding {
	struct costs *costs;
	struct places *places;
	const struct callers *callers;
	struct line_cost *below; /* with the sums of all stacks that go through the context */
	uint32_t *first, *next;  /* its first callee; its caller's next */
	uint32_t *is_on_stack;   /* by place of a function: how often, at this moment of the walk */
	struct pairs numbers;    /* of (a line's place, 0 or a callee's place + 1): 1 + the index */
	size_t capacity;
};

static void add_values(struct line_cost *to, const uint64_t *values)
{
	for (unsigned i = 0; i < VALUE_COUNT; i++)
		to->values[i] += values[i];
}

/* The place of the function that a line is in. */
static uint32_t function_of(struct places *places, uint32_t line_place)
{
	struct place place = *places_get(places, line_place);

	if (place.function)
		place.module = NULL; /* without a name it is needed for one */
	place.line = 0;
	return places_intern(places, &place);
}

/* The cost of a line, or of its calls of a function (callee + 1); made if there is none. */
static struct line_cost *cost_of(struct adding *adding, uint32_t place, uint32_t callee_plus_1)
{
	size_t index = pairs_number(&adding->numbers, place, callee_plus_1) - 1;
	struct costs *costs = adding->costs;

	if (index < costs->count)
		return &costs->items[index];
	costs->items = array_grow(costs->items, index, &adding->capacity, sizeof(struct line_cost));
	costs->items[index] = (struct line_cost){
		.function = function_of(adding->places, place),
		.place = place,
		.callee = callee_plus_1 - 1,
		.is_call = callee_plus_1 > 0,
	};
	costs->count++;
	return &costs->items[index];
}

/* What the lines have by themselves, and the sums over all that is below a context. */
static void add_sites(struct adding *adding)
{
	const struct tally *sites = &adding->callers->sites;

	for (size_t i = 0; i < sites->count; i++) {
		uint32_t context = sites->rows[i].key;
		uint64_t values[VALUE_COUNT];

		for (unsigned v = 0; v < VALUE_COUNT; v++)
			values[v] = value_of((enum value)v, &sites->rows[i]);
		add_values(cost_of(adding, callers_place(adding->callers, context), 0), values);
		add_values(&adding->below[context], values);
	}
	for (uint32_t context = callers_count(adding->callers) - 1; context > 0; context--)
		add_values(&adding->below[callers_next(adding->callers, context)],
			   adding->below[context].values);
}

static void link_contexts(struct adding *adding)
{
	uint32_t count = callers_count(adding->callers);

	adding->below = xcalloc(count, sizeof(*adding->below));
	adding->first = xcalloc(count, sizeof(*adding->first));
	adding->next = xcalloc(count, sizeof(*adding->next));
	for (uint32_t context = count - 1; context > 0; context--) {
		uint32_t caller = callers_next(adding->callers, context);

		adding->next[context] = adding->first[caller];
		adding->first[caller] = context;
		adding->below[context].function =
			function_of(adding->places, callers_place(adding->callers, context));
	}
}

static void add_call(struct adding *adding, uint32_t whole, uint32_t context)
{
	const struct line_cost *below = &adding->below[context];
	uint32_t caller = callers_next(adding->callers, context);
	uint32_t place = caller ? callers_place(adding->callers, caller) : whole;
	struct line_cost *cost = cost_of(adding, place, below->function + 1);

	cost->calls += below->values[VALUE_ALLOCATIONS];
	if (!adding->is_on_stack[below->function]++)
		add_values(cost, below->values);
}

/* The next context when callees come before their caller's next; leaves those that are done. */
static uint32_t walk_on(struct adding *adding, uint32_t context)
{
	if (adding->first[context])
		return adding->first[context];
	for (; context; context = callers_next(adding->callers, context)) {
		adding->is_on_stack[adding->below[context].function]--;
		if (adding->next[context])
			return adding->next[context];
	}
	return 0;
}

static void add_calls(struct adding *adding)
{
	struct place whole = {.function = COSTS_WHOLE};
	uint32_t number = places_intern(adding->places, &whole), context = adding->first[0];

	adding->is_on_stack = xcalloc(adding->places->count, sizeof(uint32_t));
	for (; context; context = walk_on(adding, context))
		add_call(adding, number, context);
}

static int in_order(const void *left, const void *right)
{
	const struct line_cost *a = left, *b = right;

	if (a->function != b->function)
		return a->function < b->function ? -1 : 1;
	if (a->place != b->place)
		return a->place < b->place ? -1 : 1;
	if (a->is_call != b->is_call)
		return a->is_call ? 1 : -1;
	return (a->callee > b->callee) - (a->callee < b->callee);
}

void costs_build(struct costs *costs, const struct export *export, const struct callers *callers)
{
	struct adding adding = {
		.costs = costs, .places = &export->report->places, .callers = callers};

	*costs = (struct costs){NULL, 0};
	link_contexts(&adding);
	add_sites(&adding);
	add_calls(&adding);
	if (costs->count)
		qsort(costs->items, costs->count, sizeof(*costs->items), in_order);
	pairs_release(&adding.numbers);
	free(adding.below);
	free(adding.first);
	free(adding.next);
	free(adding.is_on_stack);
}

void costs_release(struct costs *costs)
{
	free(costs->items);
	*costs = (struct costs){NULL, 0};
}
