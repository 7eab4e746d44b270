/* SPDX-License-Identifier: MIT */
/* Diffs as text for people: both moments, a table of what changed, and the notes. */
#include <stdio.h>
#include <stdlib.h>

#include "model/estimate.h"
#include "report/estimate_text.h"
#include "report/formats.h"
#include "report/notes.h"
#include "report/table.h"
#include "report/text_changes.h"
#include "report/text_head.h"
#include "report/text_moment.h"
#include "report/text_pairing.h"
#include "util/human.h"

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

void text_write_diff(struct report *report, struct out *out)
{
	struct table table = {out, terminal_of_stdout(), 0, NULL};

	difference(&table, report);
	text_changes(report, out);
	text_pairing(report, out);
	notes_write(out, report, &report->sides[1]);
}
