/* SPDX-License-Identifier: MIT */
/* Sorts rows; see sort.h. qsort_r() is glibc's, so no state need be global. */
#include "report/sort.h"

#include <math.h>
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
	if (!order)
		order = by_number(b->split, a->split);
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
	if (change_has_new(change))
		return place_of(report, 1, change->new->key, change->new->node);
	return place_of(report, 0, change->old->key, change->old->node);
}

/* The larger difference of a metric first, whichever way it goes. */
static int by_difference(const struct report *report, enum metric metric, const struct change *a,
			 const struct change *b)
{
	const struct side *old = &report->sides[0], *new = &report->sides[1];

	return by_value(fabs(metric_difference(metric, a->old, old, a->new, new)),
			fabs(metric_difference(metric, b->old, old, b->new, new)));
}

static int compare_changes(const void *left, const void *right, void *context)
{
	struct report *report = context;
	const struct change *a = left, *b = right;
	int sort = report->options->sort, order = 0;

	if (sort == METRIC_FUNCTION)
		order = by_place(place_of_change(report, a), place_of_change(report, b));
	else if (sort != METRIC_BYTES)
		order = by_difference(report, (enum metric)sort, a, b);
	if (!order)
		order = by_number(distance(a->old->bytes, a->new->bytes),
				  distance(b->old->bytes, b->new->bytes));
	if (!order)
		order = by_number(distance(a->old->blocks, a->new->blocks),
				  distance(b->old->blocks, b->new->blocks));
	if (!order)
		order = by_number(a->new->bytes, b->new->bytes);
	if (!order)
		order = by_place(place_of_change(report, a), place_of_change(report, b));
	return order ? order : by_number(change_key(b), change_key(a));
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

/* The same for changes. */
static size_t keep_changes(struct report *report)
{
	uint64_t least = report->options->selection.min_bytes;
	struct change *small = xcalloc(report->change_count + 1, sizeof(*small));
	size_t kept = 0, left = 0;

	for (size_t i = 0; i < report->change_count; i++) {
		const struct change *change = &report->changes[i];

		if (distance(change->old->bytes, change->new->bytes) >= least)
			report->changes[kept++] = *change;
		else
			small[left++] = *change;
	}
	memcpy(report->changes + kept, small, left * sizeof(*small));
	free(small);
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
