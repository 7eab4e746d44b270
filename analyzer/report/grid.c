/* SPDX-License-Identifier: MIT */
/* Cells of tables; see grid.h. */
#include "report/grid.h"

#include <string.h>

#include "report/estimate_text.h"

static enum metric metric_at(const struct grid *grid, unsigned column)
{
	return (enum metric)grid->columns->metrics[column];
}

static bool has_margin(const struct grid *grid, unsigned column)
{
	return metric_at(grid, column) == METRIC_BYTES && profile_is_sampled(&grid->side->profile);
}

void grid_init(struct grid *grid, const struct side *side, const struct columns *columns,
	       const struct columns *usual)
{
	*grid = (struct grid){.columns = columns->count ? columns : usual, .side = side};
	for (unsigned i = 0; i < grid->columns->count; i++)
		grid->widths[i] = metric_columns(metric_at(grid, i));
}

void grid_narrow(struct grid *grid)
{
	for (unsigned i = 0; i < grid->columns->count; i++)
		grid->widths[i] = (int)strlen(metric_heading(metric_at(grid, i)));
}

void grid_fit(struct grid *grid, const struct row *row)
{
	char text[HUMAN_BYTES];

	for (unsigned i = 0; i < grid->columns->count; i++) {
		int width = (int)strlen(metric_text(text, metric_at(grid, i), row, grid->side));

		if (width > grid->widths[i])
			grid->widths[i] = width;
	}
}

int grid_width(const struct grid *grid)
{
	int width = 0;

	for (unsigned i = 0; i < grid->columns->count; i++)
		width += grid->widths[i] + 1 + (has_margin(grid, i) ? ESTIMATE_CELL_COLUMNS : 0);
	return width;
}

void grid_heading(const struct grid *grid, struct out *out)
{
	for (unsigned i = 0; i < grid->columns->count; i++) {
		out_printf(out, "%*s ", grid->widths[i], metric_heading(metric_at(grid, i)));
		if (has_margin(grid, i))
			out_printf(out, "%*s ", ESTIMATE_CELL_COLUMNS - 1, ESTIMATE_CELL_HEADING);
	}
}

void grid_cells(const struct grid *grid, struct out *out, const struct row *row)
{
	char text[HUMAN_BYTES];

	for (unsigned i = 0; i < grid->columns->count; i++) {
		out_printf(out, "%*s ", grid->widths[i],
			   metric_text(text, metric_at(grid, i), row, grid->side));
		if (has_margin(grid, i))
			estimate_cell(out, row->variance);
	}
}

void grid_blank(const struct grid *grid, struct out *out)
{
	out_printf(out, "%*s", grid_width(grid), "");
}
