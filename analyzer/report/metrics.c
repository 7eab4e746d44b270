/* SPDX-License-Identifier: MIT */
/* The table of metrics made into functions; see metrics.h. */
#include "report/metrics.h"

#include <stdio.h>
#include <string.h>

#include "report/report.h"

#define NO_WHOLE UINT64_MAX

enum kind { SIZE, COUNT, PERCENT };

struct quotient {
	uint64_t part, whole;
};

#define METRIC(id, name, heading, columns, kind, part, whole, help) \
	static struct quotient quotient_##id(const struct row *row, const struct side *side) \
	{ \
		(void)side; \
		return (struct quotient){part, whole}; \
	}
#include "report/metrics.def"
#undef METRIC

static const struct {
	const char *name, *heading;
	int columns;
	enum kind kind;
	struct quotient (*quotient)(const struct row *row, const struct side *side);
} metrics[] = {
#define METRIC(id, name, heading, columns, kind, part, whole, help) \
	[METRIC_##id] = {name, heading, columns, kind, quotient_##id},
#include "report/metrics.def"
#undef METRIC
};

const char *const metric_sort_names[] = {
#define METRIC(id, name, ...) [METRIC_##id] = name,
#include "report/metrics.def"
#undef METRIC
	[METRIC_FUNCTION] = "function",
	[METRIC_FUNCTION + 1] = NULL,
};

const char metric_columns_help[] = "the columns to show, separated by commas:"
#define METRIC(id, name, ...) " " name
#include "report/metrics.def"
#undef METRIC
	;

static int add_column(struct columns *columns, const char *option, const char *name, size_t length,
		      struct error *err)
{
	for (unsigned i = 0; i < METRIC_COUNT; i++) {
		if (strlen(metrics[i].name) != length ||
		    strncmp(metrics[i].name, name, length) != 0)
			continue;
		if (memchr(columns->metrics, (int)i, columns->count))
			return error_set(err, "--%s names %s twice", option, metrics[i].name);
		columns->metrics[columns->count++] = (uint8_t)i;
		return 0;
	}
	return error_set(err, "--%s: there is no column '%.*s'; give %s", option, (int)length, name,
			 metric_columns_help);
}

int metric_parse_columns(const char *name, const char *value, void *context, struct error *err)
{
	struct columns *columns = context;

	columns->count = 0;
	for (;;) {
		size_t length = strcspn(value, ",");

		if (add_column(columns, name, value, length, err) < 0)
			return -1;
		if (!value[length])
			return 0;
		value += length + 1;
	}
}

double metric_value(enum metric metric, const struct row *row, const struct side *side)
{
	struct quotient quotient = metrics[metric].quotient(row, side);

	if (quotient.whole == NO_WHOLE)
		return (double)quotient.part;
	return quotient.whole ? (double)quotient.part / (double)quotient.whole : 0;
}

bool metric_adds_up(enum metric metric)
{
	static const struct row none;
	static const struct side nothing;

	return metric != METRIC_OWN_PEAK &&
	       metrics[metric].quotient(&none, &nothing).whole == NO_WHOLE;
}

const char *metric_heading(enum metric metric)
{
	return metrics[metric].heading;
}

int metric_columns(enum metric metric)
{
	return metrics[metric].columns;
}

/* With several threads each site's own maximum is a lower bound, and so is the row's. */
static bool own_peak_is_exact(const struct row *row, const struct side *side)
{
	return row_own_peak_is_exact(row) && profile_last(&side->profile)->threads <= 1;
}

static const char *own_peak_text(char text[static HUMAN_BYTES], const struct row *row,
				 const struct side *side)
{
	char size[HUMAN_BYTES];

	human_size(size, row_own_peak(row));
	snprintf(text, HUMAN_BYTES, "%s%.40s", own_peak_is_exact(row, side) ? "" : ">=", size);
	return text;
}

const char *metric_text(char text[static HUMAN_BYTES], enum metric metric, const struct row *row,
			const struct side *side)
{
	struct quotient quotient = metrics[metric].quotient(row, side);
	double value = metric_value(metric, row, side);

	if (metric == METRIC_OWN_PEAK)
		return own_peak_text(text, row, side);
	if (metrics[metric].kind == PERCENT)
		snprintf(text, HUMAN_BYTES, "%.1f%%", 100 * value);
	else if (metrics[metric].kind == COUNT)
		human_count(text, quotient.part);
	else
		human_size(text, quotient.whole == NO_WHOLE ? quotient.part : (uint64_t)value);
	return text;
}

double metric_difference(enum metric metric, const struct row *old, const struct side *old_side,
			 const struct row *new, const struct side *new_side)
{
	return metric_value(metric, new, new_side) - metric_value(metric, old, old_side);
}

const char *metric_difference_text(char text[static HUMAN_BYTES], enum metric metric,
				   const struct row *old, const struct side *old_side,
				   const struct row *new, const struct side *new_side)
{
	double value = metric_difference(metric, old, old_side, new, new_side);
	struct quotient before = metrics[metric].quotient(old, old_side);
	struct quotient after = metrics[metric].quotient(new, new_side);
	int64_t whole =
		before.whole == NO_WHOLE ? (int64_t)(after.part - before.part) : (int64_t)value;
	char number[HUMAN_BYTES];

	if (metrics[metric].kind == PERCENT)
		snprintf(number, HUMAN_BYTES, "%+.1f%%", 100 * value);
	else if (metrics[metric].kind == COUNT)
		human_count_diff(number, whole);
	else
		human_size_diff(number, whole);
	snprintf(text, HUMAN_BYTES, "%s%.40s",
		 metric == METRIC_OWN_PEAK && !(own_peak_is_exact(old, old_side) &&
						own_peak_is_exact(new, new_side))
			 ? "~"
			 : "",
		 number);
	return text;
}
