/* SPDX-License-Identifier: MIT */
/* The left part of every table: a cell for each column that was chosen, then whatever a row is. */
#ifndef ANALYZER_REPORT_GRID_H
#define ANALYZER_REPORT_GRID_H

#include "report/metrics.h"
#include "report/report.h"
#include "util/out.h"

/* All borrowed. */
struct grid {
	const struct columns *columns;
	const struct side *side;
	int widths[METRIC_COUNT]; /* of the columns, in their order */
};

/* With the widths that metrics.def gives. `columns` are those asked for, `usual` those shown if
 * none are. */
void grid_init(struct grid *grid, const struct side *side, const struct columns *columns,
	       const struct columns *usual);

/* As narrow as the headings are, then wide enough for this row, too. */
void grid_narrow(struct grid *grid);
void grid_fit(struct grid *grid, const struct row *row);

/* How many columns of the terminal the cells take; each ends with a space. */
int grid_width(const struct grid *grid);

/* Neither ends the line. Of a sampled trace the bytes stand with their margin. */
void grid_heading(const struct grid *grid, struct out *out);
void grid_cells(const struct grid *grid, struct out *out, const struct row *row);

/* As wide as the cells are. */
void grid_blank(const struct grid *grid, struct out *out);

#endif
