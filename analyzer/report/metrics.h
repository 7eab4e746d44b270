/* SPDX-License-Identifier: MIT */
/* What rows can be sorted by and shown with: the table is metrics.def. */
#ifndef ANALYZER_REPORT_METRICS_H
#define ANALYZER_REPORT_METRICS_H

#include <stdbool.h>
#include <stdint.h>

#include "model/tally.h"
#include "util/human.h"
#include "util/options.h"

struct side;

enum metric {
#define METRIC(id, ...) METRIC_##id,
#include "report/metrics.def"
#undef METRIC
	METRIC_COUNT
};

/* The names on the command line, in the order of enum metric; then, for --sort, "function". */
#define METRIC_FUNCTION METRIC_COUNT
extern const char *const metric_sort_names[];

/* Which columns a table has, in their order. */
struct columns {
	uint8_t metrics[METRIC_COUNT]; /* enum metric */
	unsigned count;                /* 0: those that a command shows unasked */
};

extern const char metric_columns_help[];

/* An option_callback for OPT_CALL, whose context is a struct columns. */
int metric_parse_columns(const char *name, const char *value, void *context, struct error *err);

/* The row of a command line's table for it. */
#define METRIC_COLUMNS_ROW(columns) \
	OPT_CALL(0, "columns", metric_parse_columns, (columns), "LIST", metric_columns_help)

/* The larger a row, the larger its value. A quotient of nothing is 0. */
double metric_value(enum metric metric, const struct row *row, const struct side *side);

/* Whether the values of rows that do not overlap have their sum as the value of all together. */
bool metric_adds_up(enum metric metric);

/* The cell of a table, `columns` wide or more. `side` is that of the row. */
const char *metric_heading(enum metric metric);
int metric_columns(enum metric metric);
const char *metric_text(char text[static HUMAN_BYTES], enum metric metric, const struct row *row,
			const struct side *side);

/* What a metric of a row differs by between two sides, with its sign; of shares, in percentage
 * points. A "~" stands before a difference of numbers that are not exact. */
double metric_difference(enum metric metric, const struct row *old, const struct side *old_side,
			 const struct row *new, const struct side *new_side);
const char *metric_difference_text(char text[static HUMAN_BYTES], enum metric metric,
				   const struct row *old, const struct side *old_side,
				   const struct row *new, const struct side *new_side);

#endif
