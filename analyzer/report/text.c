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

static void heading(const struct table *table, const struct report_options *options,
		    const struct side *side)
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
	text_grouping(table->out, options);
}

static double share(uint64_t part, uint64_t whole)
{
	return whole ? 100.0 * (double)part / (double)whole : 0;
}

static void row_text(const struct table *table, struct report *report, const struct row *row)
{
	char size[HUMAN_BYTES], blocks[HUMAN_BYTES], calls[HUMAN_BYTES];
	struct side *side = &report->sides[0];

	out_printf(table->out, "%11s ", human_size(size, row->bytes));
	if (report_is_sampled(report))
		estimate_cell(table->out, row->variance);
	out_printf(table->out, "%6.1f%% %12s %13s  ", share(row->bytes, side->bytes),
		   human_count(blocks, row->blocks), human_count(calls, row->allocations));
	table_place(table, report, side, row->key, row->node);
}

/* "and 35 more rows hold 1.2 MiB"; cumulative rows overlap, so no sum is given. */
static void rest(const struct table *table, const struct report *report, size_t shown)
{
	const struct tally *tally = &report->sides[0].tally;
	char size[HUMAN_BYTES], count[HUMAN_BYTES];
	uint64_t bytes = 0;
	double variance = 0;

	if (shown >= tally->count)
		return;
	for (size_t i = shown; i < tally->count; i++) {
		bytes += tally->rows[i].bytes;
		variance += tally->rows[i].variance;
	}
	human_items(count, tally->count - shown, "more row");
	if (report->options->cumulative) {
		out_printf(table->out, "%11s %s; -n %zu shows all\n", "...", count, tally->count);
		return;
	}
	out_printf(table->out, "%11s ", human_size(size, bytes));
	if (report_is_sampled(report))
		estimate_cell(table->out, variance);
	out_printf(table->out, "%6.1f%% in %s; -n %zu shows all\n",
		   share(bytes, report->sides[0].bytes), count, tally->count);
}

static void report_columns(const struct table *table, const struct report *report)
{
	out_printf(table->out, "%s%11s ", terminal_style(&table->terminal, STYLE_DIM), "bytes");
	if (report_is_sampled(report))
		out_printf(table->out, "%*s ", ESTIMATE_CELL_COLUMNS - 1, ESTIMATE_CELL_HEADING);
	out_printf(table->out, "%7s %12s %13s  %s%s\n", "share", "blocks", "allocations", "place",
		   terminal_style(&table->terminal, STYLE_PLAIN));
}

void text_write_report(struct report *report, struct out *out)
{
	struct side *side = &report->sides[0];
	struct table table = {out, terminal_of_stdout(),
			      48 + (report_is_sampled(report) ? ESTIMATE_CELL_COLUMNS : 0)};
	size_t shown = format_shown(report, side->tally.count, DEFAULT_TOP);

	text_head(out, &table.terminal, &side->profile);
	heading(&table, report->options, side);
	report_columns(&table, report);
	for (size_t i = 0; i < shown; i++)
		row_text(&table, report, &side->tally.rows[i]);
	rest(&table, report, shown);
	notes_write(out, report, side);
}
