/* SPDX-License-Identifier: MIT */
/* Sorts rows; see sort.h. qsort_r() is glibc's, so no state need be global. */
#include "report/sort.h"

#include <stdlib.h>
#include <string.h>

#include "report/report.h"

static int by_number(uint64_t a, uint64_t b)
{
	return a < b ? 1 : a > b ? -1 : 0; /* the larger first */
}

static int by_text(const char *a, const char *b)
{
	if (a == b)
		return 0;
	if (!a || !b)
		return a ? -1 : 1; /* the unknown last */
	return strcmp(a, b);
}

static int by_place(const struct place *a, const struct place *b)
{
	int order = by_text(a->function, b->function);

	if (!order)
		order = by_text(a->file, b->file);
	if (!order)
		order = by_number(b->line, a->line);
	if (!order)
		order = by_text(a->module, b->module);
	if (!order)
		order = by_number(b->address, a->address);
	return order ? order : by_number(b->marker, a->marker);
}

/* The place that a row's text begins with. */
static const struct place *place_of(struct report *report, unsigned side, uint32_t key,
				    uint32_t node)
{
	if (report->options->group == GROUP_STACK)
		key = stacks_place(&report->sides[side].stacks, node);
	return places_get(&report->places, key);
}

static uint64_t sort_value(const struct row *row, enum sort sort)
{
	switch (sort) {
	case SORT_BYTES:
		return row->bytes;
	case SORT_BLOCKS:
		return row->blocks;
	case SORT_ALLOCATIONS:
		return row->allocations;
	case SORT_ALLOCATED:
		return row->allocated_bytes;
	case SORT_TEMPORARY:
		return row->temporary;
	case SORT_PEAK:
		return row->peak_bytes;
	case SORT_END:
		return row->end_bytes;
	case SORT_FUNCTION:
		break;
	}
	return 0;
}

static int compare_rows(const void *left, const void *right, void *context)
{
	struct report *report = context;
	const struct row *a = left, *b = right;
	enum sort sort = (enum sort)report->options->sort;
	int order = by_number(sort_value(a, sort), sort_value(b, sort));

	if (!order && sort != SORT_FUNCTION)
		order = by_number(a->bytes, b->bytes);
	if (!order && sort != SORT_FUNCTION)
		order = by_number(a->allocated_bytes, b->allocated_bytes);
	if (!order)
		order = by_place(place_of(report, 0, a->key, a->node),
				 place_of(report, 0, b->key, b->node));
	return order ? order : by_number(b->key, a->key);
}

static uint64_t distance(uint64_t a, uint64_t b)
{
	return a > b ? a - b : b - a;
}

static const struct place *place_of_change(struct report *report, const struct change *change)
{
	if (change->new_node)
		return place_of(report, 1, change->key, change->new_node);
	return place_of(report, 0, change->key, change->old_node);
}

static int compare_changes(const void *left, const void *right, void *context)
{
	struct report *report = context;
	const struct change *a = left, *b = right;
	int order = by_number(distance(a->old_bytes, a->new_bytes),
			      distance(b->old_bytes, b->new_bytes));

	if (!order)
		order = by_number(distance(a->old_blocks, a->new_blocks),
				  distance(b->old_blocks, b->new_blocks));
	if (!order)
		order = by_number(a->new_bytes, b->new_bytes);
	if (!order)
		order = by_place(place_of_change(report, a), place_of_change(report, b));
	return order ? order : by_number(b->key, a->key);
}

void sort_report(struct report *report)
{
	struct tally *tally = &report->sides[0].tally;

	if (report->side_count > 1)
		qsort_r(report->changes, report->change_count, sizeof(*report->changes),
			compare_changes, report);
	else if (tally->count)
		qsort_r(tally->rows, tally->count, sizeof(*tally->rows), compare_rows, report);
}
