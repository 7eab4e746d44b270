/* SPDX-License-Identifier: MIT */
/* Reports as text for people: a head, a table, and what must be known to believe it. */
#include "report/estimate_text.h"
#include "report/formats.h"
#include "report/grid.h"
#include "report/notes.h"
#include "report/table.h"
#include "report/text_head.h"
#include "report/text_moment.h"
#include "util/human.h"

#define DEFAULT_TOP 20

static void heading(const struct table *table, const struct report *report, const struct side *side)
{
	char moment[192], size[ESTIMATE_BYTES], count[HUMAN_BYTES];

	text_moment(moment, sizeof(moment), side);
	out_text(table->out, "\n");
	out_text(table->out, terminal_style(&table->terminal, STYLE_BOLD));
	text_printable(table->out, moment);
	out_text(table->out, terminal_style(&table->terminal, STYLE_PLAIN));
	out_printf(table->out, ": %s in %s",
		   estimate_size(size, &side->profile, side->bytes, side->variance),
		   human_items(count, side->blocks, "block"));
	text_grouping(table->out, report);
}

/* What a report shows unasked. */
static const struct columns default_columns = {
	{METRIC_BYTES, METRIC_SHARE, METRIC_BLOCKS, METRIC_ALLOCATIONS}, 4};

/* "and 35 more rows hold 1.2 MiB"; cumulative rows overlap, so no sum is given. */
static void rest(const struct table *table, const struct report *report, const struct grid *grid,
		 size_t shown)
{
	const struct tally *tally = &report->sides[0].tally;
	char count[HUMAN_BYTES];
	struct row sum = {0};

	if (shown >= tally->count)
		return;
	for (size_t i = shown; i < tally->count; i++)
		row_add(&sum, &tally->rows[i]);
	human_items(count, tally->count - shown, "more row");
	if (report->options->cumulative) {
		out_printf(table->out, "%11s %s", "...", count);
	} else {
		grid_cells(grid, table->out, &sum);
		out_printf(table->out, " %s", count);
	}
	if (shown < report->sides[0].kept)
		out_printf(table->out, "; -n %zu shows all", report->sides[0].kept);
	out_text(table->out, "\n");
}

void text_write_report(struct report *report, struct out *out)
{
	struct side *side = &report->sides[0];
	struct table table = {out, terminal_of_stdout(), 0, NULL};
	size_t shown = format_shown(report, side->kept, DEFAULT_TOP);
	struct grid grid;

	grid_init(&grid, side, &report->options->columns, &default_columns);
	table.place_column = grid_width(&grid) + 1;
	text_head(out, &table.terminal, &side->profile);
	heading(&table, report, side);
	out_text(out, terminal_style(&table.terminal, STYLE_DIM));
	grid_heading(&grid, out);
	out_printf(out, " place%s\n", terminal_style(&table.terminal, STYLE_PLAIN));
	for (size_t i = 0; i < shown; i++) {
		grid_cells(&grid, out, &side->tally.rows[i]);
		out_text(out, " ");
		table_place(&table, report, side, side->tally.rows[i].key,
			    side->tally.rows[i].node);
	}
	rest(&table, report, &grid, shown);
	if (!side->tally.count)
		out_text(out, "nothing is selected\n");
	notes_write(out, report, side);
}
