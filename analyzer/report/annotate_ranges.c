/* SPDX-License-Identifier: MIT */
/* Which lines of a file are shown; see annotate.h. */
#include <stdlib.h>

#include "report/annotate.h"
#include "report/sort.h"
#include "util/memory.h"

static int by_first(const void *left, const void *right)
{
	const struct line_range *a = left, *b = right;

	return a->first < b->first ? -1 : a->first > b->first;
}

/* The range around a line, within the file; of what is not in the file, the line alone. */
static struct line_range around(const struct annotation *annotation, uint32_t line)
{
	uint64_t context = annotation->options->context;
	uint32_t count = annotation->source.line_count;
	struct line_range range = {line, line};

	if (line > count)
		return range;
	range.first = context < line ? line - (uint32_t)context : 1;
	range.last = context < count - line ? line + (uint32_t)context : count;
	return range;
}

static void join(struct annotation *annotation)
{
	size_t count = 0;

	qsort(annotation->ranges, annotation->range_count, sizeof(*annotation->ranges), by_first);
	for (size_t i = 0; i < annotation->range_count; i++) {
		const struct line_range *range = &annotation->ranges[i];
		struct line_range *before = count ? &annotation->ranges[count - 1] : NULL;

		if (!before || range->first > before->last + (uint64_t)1)
			annotation->ranges[count++] = *range;
		else if (range->last > before->last)
			before->last = range->last;
	}
	annotation->range_count = count;
}

/* Sorts the rows by --sort; those of the smallest lines need no range of their own. */
void annotation_choose_ranges(struct annotation *annotation)
{
	const struct annotate_options *options = annotation->options;
	struct tally *tally = &annotation->tally;
	uint64_t left = options->whole ? REPORT_ALL_ROWS : options->report.top;

	annotation->ranges = xcalloc(tally->count + 1, sizeof(*annotation->ranges));
	if (options->whole && annotation->source.line_count)
		annotation->ranges[annotation->range_count++] =
			(struct line_range){1, annotation->source.line_count};
	if (tally->count)
		qsort_r(tally->rows, tally->count, sizeof(*tally->rows), sort_compare_rows,
			annotation->report);
	for (size_t i = 0; i < tally->count && left; i++) {
		const struct row *row = &tally->rows[i];
		uint32_t line = annotation_line(annotation, row);

		if (!line || row->bytes < options->report.selection.min_bytes)
			continue;
		annotation->ranges[annotation->range_count++] = around(annotation, line);
		left--;
	}
	join(annotation);
}

bool annotation_shows(const struct annotation *annotation, uint32_t line)
{
	size_t low = 0, high = annotation->range_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (annotation->ranges[middle].last < line)
			low = middle + 1;
		else
			high = middle;
	}
	return low < annotation->range_count && annotation->ranges[low].first <= line;
}
