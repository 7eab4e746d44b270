/* SPDX-License-Identifier: MIT */
/* Reports as text for people: a head, a table, and what must be known to believe it. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "report/formats.h"
#include "report/losses.h"
#include "report/notes.h"
#include "report/place_text.h"
#include "report/table.h"
#include "report/text_head.h"
#include "util/human.h"

#define DEFAULT_TOP 20

/* "at the peak (2.10 s)", "at snapshot 3 'loaded' (1.00 s)". */
static void moment_text(char *text, size_t size, const struct side *side)
{
	const struct snapshot *snapshot = side_snapshot(side);
	char when[HUMAN_BYTES];

	human_duration(when, side_time_ns(side));
	if (side->profile.moment.kind == MOMENT_PEAK)
		snprintf(text, size, "at the peak (%s)", when);
	else if (side->profile.moment.kind == MOMENT_END)
		snprintf(text, size, "at the end (%s)", when);
	else if (*snapshot->label)
		snprintf(text, size, "at snapshot %" PRIu64 " '%.60s' (%s)", snapshot->index,
			 snapshot->label, when);
	else
		snprintf(text, size, "at snapshot %" PRIu64 " (%s)", snapshot->index, when);
}

/* ", by line", ", cumulative by function; only mmap, pool:x". */
static void grouping_text(struct out *out, const struct report_options *options)
{
	out_printf(out, ", %sby %s", options->cumulative ? "cumulative " : "",
		   report_group_names[options->group]);
	for (size_t i = 0; i < options->domains.count; i++)
		out_printf(out, "%s%s", i ? ", " : "; only ", options->domains.values[i]);
	out_text(out, "\n\n");
}

static void heading(const struct table *table, const struct report_options *options,
		    const struct side *side)
{
	char moment[192], size[HUMAN_BYTES], count[HUMAN_BYTES];

	moment_text(moment, sizeof(moment), side);
	out_text(table->out, "\n");
	out_text(table->out, terminal_style(&table->terminal, STYLE_BOLD));
	text_printable(table->out, moment);
	out_text(table->out, terminal_style(&table->terminal, STYLE_PLAIN));
	out_printf(table->out, ": %s in %s", human_size(size, side->bytes),
		   human_items(count, side->blocks, "block"));
	grouping_text(table->out, options);
}

static double share(uint64_t part, uint64_t whole)
{
	return whole ? 100.0 * (double)part / (double)whole : 0;
}

static void row_text(const struct table *table, struct report *report, const struct row *row)
{
	char size[HUMAN_BYTES], blocks[HUMAN_BYTES], calls[HUMAN_BYTES];
	struct side *side = &report->sides[0];

	out_printf(table->out, "%11s %6.1f%% %12s %13s  ", human_size(size, row->bytes),
		   share(row->bytes, side->bytes), human_count(blocks, row->blocks),
		   human_count(calls, row->allocations));
	table_place(table, report, side, row->key, row->node);
}

/* "and 35 more rows hold 1.2 MiB"; cumulative rows overlap, so no sum is given. */
static void rest(const struct table *table, const struct report *report, size_t shown)
{
	const struct tally *tally = &report->sides[0].tally;
	char size[HUMAN_BYTES], count[HUMAN_BYTES];
	uint64_t bytes = 0;

	if (shown >= tally->count)
		return;
	for (size_t i = shown; i < tally->count; i++)
		bytes += tally->rows[i].bytes;
	human_items(count, tally->count - shown, "more row");
	if (report->options->cumulative)
		out_printf(table->out, "%11s %s; -n %zu shows all\n", "...", count, tally->count);
	else
		out_printf(table->out, "%11s %6.1f%% in %s; -n %zu shows all\n",
			   human_size(size, bytes), share(bytes, report->sides[0].bytes), count,
			   tally->count);
}

void text_write_report(struct report *report, struct out *out)
{
	struct side *side = &report->sides[0];
	struct table table = {out, terminal_of_stdout(), 48};
	size_t shown = format_shown(report, side->tally.count, DEFAULT_TOP);

	text_head(out, &table.terminal, &side->profile);
	heading(&table, report->options, side);
	out_printf(out, "%s%11s %7s %12s %13s  %s%s\n", terminal_style(&table.terminal, STYLE_DIM),
		   "bytes", "share", "blocks", "allocations", "place",
		   terminal_style(&table.terminal, STYLE_PLAIN));
	for (size_t i = 0; i < shown; i++)
		row_text(&table, report, &side->tally.rows[i]);
	rest(&table, report, shown);
	notes_write(out, report, side);
}

/* Both sides' heads in two lines: the same program often enough. */
static void side_line(const struct table *table, const char *name, const struct side *side)
{
	char moment[192], size[HUMAN_BYTES], blocks[HUMAN_BYTES];
	char *command = text_command(&side->profile);

	moment_text(moment, sizeof(moment), side);
	text_fact(table->out, name, "%s %s: %s in %s  [%.100s]", side->profile.path, moment,
		  human_size(size, side->bytes), human_items(blocks, side->blocks, "block"),
		  command);
	free(command);
}

static void difference(const struct table *table, const struct report *report)
{
	const struct side *old = &report->sides[0], *new = &report->sides[1];
	char size[HUMAN_BYTES], blocks[HUMAN_BYTES];

	side_line(table, "old", old);
	side_line(table, "new", new);
	out_printf(table->out, "\n%s%s in %s blocks%s",
		   terminal_style(&table->terminal, STYLE_BOLD),
		   human_size_diff(size, (int64_t)(new->bytes - old->bytes)),
		   human_count_diff(blocks, (int64_t)(new->blocks - old->blocks)),
		   terminal_style(&table->terminal, STYLE_PLAIN));
	grouping_text(table->out, report->options);
}

static void change_text(const struct table *table, struct report *report,
			const struct change *change)
{
	char diff[HUMAN_BYTES], old[HUMAN_BYTES], new[HUMAN_BYTES], blocks[HUMAN_BYTES];
	bool in_new = change->new_node || !change->old_node;
	enum style style = change->new_bytes > change->old_bytes   ? STYLE_GREW
			   : change->new_bytes < change->old_bytes ? STYLE_SHRANK
								   : STYLE_PLAIN;

	out_printf(table->out, "%s%12s%s %11s %11s %13s  ", terminal_style(&table->terminal, style),
		   human_size_diff(diff, (int64_t)(change->new_bytes - change->old_bytes)),
		   terminal_style(&table->terminal, STYLE_PLAIN),
		   human_size(old, change->old_bytes), human_size(new, change->new_bytes),
		   human_count_diff(blocks, (int64_t)(change->new_blocks - change->old_blocks)));
	table_place(table, report, &report->sides[in_new ? 1 : 0], change->key,
		    in_new ? change->new_node : change->old_node);
}

/* Unchanged rows are sorted to the end and not shown. */
static size_t changed_rows(const struct report *report)
{
	size_t count = report->change_count;

	while (count &&
	       report->changes[count - 1].old_bytes == report->changes[count - 1].new_bytes &&
	       report->changes[count - 1].old_blocks == report->changes[count - 1].new_blocks)
		count--;
	return count;
}

void text_write_diff(struct report *report, struct out *out)
{
	struct table table = {out, terminal_of_stdout(), 53};
	size_t changed = changed_rows(report);
	size_t shown = format_shown(report, changed, DEFAULT_TOP);

	difference(&table, report);
	if (!changed)
		out_text(out, "nothing changed\n");
	else
		out_printf(out, "%s%12s %11s %11s %13s  %s%s\n",
			   terminal_style(&table.terminal, STYLE_DIM), "change", "old", "new",
			   "blocks", "place", terminal_style(&table.terminal, STYLE_PLAIN));
	for (size_t i = 0; i < shown; i++)
		change_text(&table, report, &report->changes[i]);
	if (shown < changed)
		out_printf(out, "%12s %zu more rows changed; -n %zu shows all\n", "...",
			   changed - shown, changed);
	notes_write(out, report, &report->sides[1]);
}
