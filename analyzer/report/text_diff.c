/* SPDX-License-Identifier: MIT */
/* Diffs as text for people: both moments, a table of what changed, and the notes. */
#include <stdio.h>
#include <stdlib.h>

#include "model/estimate.h"
#include "report/estimate_text.h"
#include "report/formats.h"
#include "report/notes.h"
#include "report/table.h"
#include "report/text_head.h"
#include "report/text_moment.h"
#include "util/human.h"

#define DEFAULT_TOP   20
#define NOISE_COLUMNS 6

/* Both sides' heads in two lines: the same program often enough. */
static void side_line(const struct table *table, const char *name, const struct side *side)
{
	char moment[192], size[ESTIMATE_BYTES], blocks[HUMAN_BYTES];
	char *command = text_command(&side->profile);

	text_moment(moment, sizeof(moment), side);
	text_fact(table->out, name, "%s %s: %s in %s  [%.100s]", side->profile.path, moment,
		  estimate_size(size, &side->profile, side->bytes, side->variance),
		  human_items(blocks, side->blocks, "block"), command);
	free(command);
}

/* "+1.5 KiB +/- 3.0 KiB (within noise)" in one line; the margin only of estimates. */
static void change_of_all(const struct table *table, const struct report *report)
{
	const struct side *old = &report->sides[0], *new = &report->sides[1];
	char size[HUMAN_BYTES], margin[HUMAN_BYTES], blocks[HUMAN_BYTES];
	double variance = old->variance + new->variance;

	out_text(table->out, human_size_diff(size, (int64_t)(new->bytes - old->bytes)));
	if (report_is_sampled(report))
		out_printf(table->out, " +/- %s", human_size(margin, estimate_margin(variance)));
	out_printf(table->out, " in %s blocks",
		   human_count_diff(blocks, (int64_t)(new->blocks - old->blocks)));
	if (estimate_is_noise(old->bytes, new->bytes, variance))
		out_text(table->out, " (within noise)");
}

static void sampling_of_side(char text[static HUMAN_BYTES], const struct side *side)
{
	char mean[HUMAN_BYTES];

	if (profile_is_sampled(&side->profile))
		snprintf(text, HUMAN_BYTES, "one block per %s",
			 human_size(mean, side->profile.sample_bytes));
	else
		snprintf(text, HUMAN_BYTES, "every block");
}

static void sampling(const struct table *table, const struct report *report)
{
	char old[HUMAN_BYTES], new[HUMAN_BYTES];

	sampling_of_side(old, &report->sides[0]);
	sampling_of_side(new, &report->sides[1]);
	text_fact(table->out, "sampled",
		  "old: %s, new: %s; so all numbers are estimates, +/- is their 95%% "
		  "interval",
		  old, new);
}

static void difference(const struct table *table, const struct report *report)
{
	side_line(table, "old", &report->sides[0]);
	side_line(table, "new", &report->sides[1]);
	if (report_is_sampled(report))
		sampling(table, report);
	out_printf(table->out, "\n%s", terminal_style(&table->terminal, STYLE_BOLD));
	change_of_all(table, report);
	out_text(table->out, terminal_style(&table->terminal, STYLE_PLAIN));
	text_grouping(table->out, report);
}

static void diff_columns(const struct table *table, const struct report *report)
{
	out_printf(table->out, "%s%12s ", terminal_style(&table->terminal, STYLE_DIM), "change");
	if (report_is_sampled(report))
		out_printf(table->out, "%*s %*s", ESTIMATE_CELL_COLUMNS - 1, ESTIMATE_CELL_HEADING,
			   NOISE_COLUMNS, "");
	out_printf(table->out, "%11s %11s %13s  %s%s\n", "old", "new", "blocks", "place",
		   terminal_style(&table->terminal, STYLE_PLAIN));
}

/* What may be chance has no colour. */
static enum style style_of(const struct change *change, bool is_noise)
{
	if (is_noise || change->new_bytes == change->old_bytes)
		return STYLE_PLAIN;
	return change->new_bytes > change->old_bytes ? STYLE_GREW : STYLE_SHRANK;
}

static void change_text(const struct table *table, struct report *report,
			const struct change *change)
{
	char diff[HUMAN_BYTES], old[HUMAN_BYTES], new[HUMAN_BYTES], blocks[HUMAN_BYTES];
	bool in_new = change->new_node || !change->old_node;
	bool is_noise = estimate_is_noise(change->old_bytes, change->new_bytes, change->variance);

	out_printf(table->out, "%s%12s%s ",
		   terminal_style(&table->terminal, style_of(change, is_noise)),
		   human_size_diff(diff, (int64_t)(change->new_bytes - change->old_bytes)),
		   terminal_style(&table->terminal, STYLE_PLAIN));
	if (report_is_sampled(report)) {
		estimate_cell(table->out, change->variance);
		out_printf(table->out, "%-*s", NOISE_COLUMNS, is_noise ? "noise" : "");
	}
	out_printf(table->out, "%11s %11s %13s  ", human_size(old, change->old_bytes),
		   human_size(new, change->new_bytes),
		   human_count_diff(blocks, (int64_t)(change->new_blocks - change->old_blocks)));
	table_place(table, report, &report->sides[in_new ? 1 : 0], change->key,
		    in_new ? change->new_node : change->old_node);
}

/* Below the table, if a shown row has the word. */
static void noise_note(const struct table *table, const struct report *report, size_t shown)
{
	for (size_t i = 0; i < shown; i++) {
		const struct change *change = &report->changes[i];

		if (estimate_is_noise(change->old_bytes, change->new_bytes, change->variance)) {
			out_text(table->out, "\nnoise: the change may as well be none, as its "
					     "interval includes 0\n");
			return;
		}
	}
}

/* Unchanged rows are sorted to the end and not shown. */
static size_t changed_rows(const struct report *report)
{
	size_t count = report->changes_kept;

	while (count &&
	       report->changes[count - 1].old_bytes == report->changes[count - 1].new_bytes &&
	       report->changes[count - 1].old_blocks == report->changes[count - 1].new_blocks)
		count--;
	return count;
}

void text_write_diff(struct report *report, struct out *out)
{
	struct table table = {
		out, terminal_of_stdout(),
		53 + (report_is_sampled(report) ? ESTIMATE_CELL_COLUMNS + NOISE_COLUMNS : 0)};
	size_t changed = changed_rows(report);
	size_t shown = format_shown(report, changed, DEFAULT_TOP);

	difference(&table, report);
	if (!changed)
		out_text(out, "nothing changed\n");
	else
		diff_columns(&table, report);
	for (size_t i = 0; i < shown; i++)
		change_text(&table, report, &report->changes[i]);
	if (shown < changed)
		out_printf(out, "%12s %zu more rows changed; -n %zu shows all\n", "...",
			   changed - shown, changed);
	noise_note(&table, report, shown);
	notes_write(out, report, &report->sides[1]);
}
