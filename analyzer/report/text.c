/* SPDX-License-Identifier: MIT */
/* Reports as text for people: a head, a table, and what must be known to believe it. */
#include "report/estimate_text.h"
#include "report/formats.h"
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

static const struct columns *columns_of(const struct report *report)
{
	return report->options->columns.count ? &report->options->columns : &default_columns;
}

/* Where the place begins: behind the columns, each followed by a space, and one more. */
static int place_column(const struct report *report)
{
	const struct columns *columns = columns_of(report);
	int at = 1;

	for (unsigned i = 0; i < columns->count; i++) {
		enum metric metric = (enum metric)columns->metrics[i];

		at += metric_columns(metric) + 1;
		if (metric == METRIC_BYTES && report_is_sampled(report))
			at += ESTIMATE_CELL_COLUMNS;
	}
	return at;
}

static void row_cells(const struct table *table, const struct report *report, const struct row *row)
{
	const struct columns *columns = columns_of(report);
	char text[HUMAN_BYTES];

	for (unsigned i = 0; i < columns->count; i++) {
		enum metric metric = (enum metric)columns->metrics[i];

		out_printf(table->out, "%*s ", metric_columns(metric),
			   metric_text(text, metric, row, &report->sides[0]));
		if (metric == METRIC_BYTES && report_is_sampled(report))
			estimate_cell(table->out, row->variance);
	}
	out_text(table->out, " ");
}

/* "and 35 more rows hold 1.2 MiB"; cumulative rows overlap, so no sum is given. */
static void rest(const struct table *table, const struct report *report, size_t shown)
{
	const struct tally *tally = &report->sides[0].tally;
	char count[HUMAN_BYTES];
	struct row sum = {0};

	if (shown >= tally->count)
		return;
	for (size_t i = shown; i < tally->count; i++)
		row_add(&sum, &tally->rows[i]);
	human_items(count, tally->count - shown, "more row");
	if (report->options->cumulative)
		out_printf(table->out, "%11s %s", "...", count);
	else
		row_cells(table, report, &sum);
	if (!report->options->cumulative)
		out_text(table->out, count);
	if (shown < report->sides[0].kept)
		out_printf(table->out, "; -n %zu shows all", report->sides[0].kept);
	out_text(table->out, "\n");
}

static void report_columns(const struct table *table, const struct report *report)
{
	const struct columns *columns = columns_of(report);

	out_text(table->out, terminal_style(&table->terminal, STYLE_DIM));
	for (unsigned i = 0; i < columns->count; i++) {
		enum metric metric = (enum metric)columns->metrics[i];

		out_printf(table->out, "%*s ", metric_columns(metric), metric_heading(metric));
		if (metric == METRIC_BYTES && report_is_sampled(report))
			out_printf(table->out, "%*s ", ESTIMATE_CELL_COLUMNS - 1,
				   ESTIMATE_CELL_HEADING);
	}
	out_printf(table->out, " place%s\n", terminal_style(&table->terminal, STYLE_PLAIN));
}

void text_write_report(struct report *report, struct out *out)
{
	struct side *side = &report->sides[0];
	struct table table = {out, terminal_of_stdout(), place_column(report)};
	size_t shown = format_shown(report, side->kept, DEFAULT_TOP);

	text_head(out, &table.terminal, &side->profile);
	heading(&table, report, side);
	report_columns(&table, report);
	for (size_t i = 0; i < shown; i++) {
		row_cells(&table, report, &side->tally.rows[i]);
		table_place(&table, report, side, side->tally.rows[i].key,
			    side->tally.rows[i].node);
	}
	rest(&table, report, shown);
	notes_write(out, report, side);
}
