/* SPDX-License-Identifier: MIT */
/* Sorts rows; see sort.h. qsort_r() is glibc's, so no state need be global. */
#include "report/sort.h"

#include <stdlib.h>
#include <string.h>

#include "report/report.h"
#include "util/memory.h"

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
	if (!order)
		order = by_text(a->domain, b->domain);
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

static int by_value(double a, double b)
{
	return a < b ? 1 : a > b ? -1 : 0;
}

int sort_compare_rows(const void *left, const void *right, void *context)
{
	struct report *report = context;
	const struct side *side = &report->sides[0];
	const struct row *a = left, *b = right;
	int sort = report->options->sort, order = 0;

	if (sort != METRIC_FUNCTION) {
		order = by_value(metric_value((enum metric)sort, a, side),
				 metric_value((enum metric)sort, b, side));
		if (!order)
			order = by_number(a->bytes, b->bytes);
		if (!order)
			order = by_number(a->allocated_bytes, b->allocated_bytes);
	}
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

/* Moves the small rows behind the others, which stay in their order. Returns how many others. */
static size_t keep_rows(struct tally *tally, uint64_t min_bytes)
{
	struct row *small = xreallocarray(NULL, tally->count + 1, sizeof(*small));
	size_t kept = 0, left = 0;

	for (size_t i = 0; i < tally->count; i++) {
		if (tally->rows[i].bytes >= min_bytes)
			tally->rows[kept++] = tally->rows[i];
		else
			small[left++] = tally->rows[i];
	}
	if (left)
		memcpy(tally->rows + kept, small, left * sizeof(*small));
	free(small);
	return kept;
}

/* Changes come in the order of their size, so the small ones are the last already. */
static size_t keep_changes(const struct report *report)
{
	size_t kept = report->change_count;

	while (kept &&
	       distance(report->changes[kept - 1].old_bytes, report->changes[kept - 1].new_bytes) <
		       report->options->selection.min_bytes)
		kept--;
	return kept;
}

void sort_report(struct report *report)
{
	struct side *side = &report->sides[0];

	if (report->side_count > 1) {
		qsort_r(report->changes, report->change_count, sizeof(*report->changes),
			compare_changes, report);
		report->changes_kept = keep_changes(report);
		return;
	}
	if (side->tally.count)
		qsort_r(side->tally.rows, side->tally.count, sizeof(*side->tally.rows),
			sort_compare_rows, report);
	side->kept = keep_rows(&side->tally, report->options->selection.min_bytes);
}
