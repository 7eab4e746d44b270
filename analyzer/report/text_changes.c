/* SPDX-License-Identifier: MIT */
/* The table of a diff; see text_changes.h. */
#include "report/text_changes.h"

#include <stdlib.h>

#include "model/change.h"
#include "model/estimate.h"
#include "report/estimate_text.h"
#include "report/formats.h"
#include "report/table.h"
#include "report/text_pairing.h"
#include "util/human.h"

#define DEFAULT_TOP    20
#define STATUS_COLUMNS 6
#define NOISE_COLUMNS  6
#define SIGN_COLUMNS   1

/* What a diff shows unasked. */
static const struct columns default_columns = {{METRIC_BYTES, METRIC_BLOCKS}, 2};

static const struct columns *columns_of(const struct report *report)
{
	return report->options->columns.count ? &report->options->columns : &default_columns;
}

static int columns_of_difference(enum metric metric)
{
	return metric_columns(metric) + SIGN_COLUMNS;
}

/* Where the place begins: behind the columns, each followed by a space, and one more. */
static int place_column(const struct report *report)
{
	const struct columns *columns = columns_of(report);
	int at = STATUS_COLUMNS + 2;

	for (unsigned i = 0; i < columns->count; i++) {
		enum metric metric = (enum metric)columns->metrics[i];

		at += columns_of_difference(metric) + 1;
		if (metric == METRIC_BYTES)
			at += 2 * (metric_columns(metric) + 1);
		if (metric == METRIC_BYTES && report_is_sampled(report))
			at += ESTIMATE_CELL_COLUMNS + NOISE_COLUMNS;
	}
	return at;
}

static void headings(const struct table *table, const struct report *report)
{
	const struct columns *columns = columns_of(report);

	out_printf(table->out, "%s%-*s ", terminal_style(&table->terminal, STYLE_DIM),
		   STATUS_COLUMNS, "");
	for (unsigned i = 0; i < columns->count; i++) {
		enum metric metric = (enum metric)columns->metrics[i];
		int width = metric_columns(metric);

		if (metric != METRIC_BYTES) {
			out_printf(table->out, "%*s ", columns_of_difference(metric),
				   metric_heading(metric));
			continue;
		}
		out_printf(table->out, "%*s ", columns_of_difference(metric), "change");
		if (report_is_sampled(report))
			out_printf(table->out, "%*s %*s", ESTIMATE_CELL_COLUMNS - 1,
				   ESTIMATE_CELL_HEADING, NOISE_COLUMNS, "");
		out_printf(table->out, "%*s %*s ", width, "old", width, "new");
	}
	out_printf(table->out, " place%s\n", terminal_style(&table->terminal, STYLE_PLAIN));
}

static bool is_noise(const struct change *change)
{
	return estimate_is_noise(change->old->bytes, change->new->bytes, change_variance(change));
}

/* What may be chance has no colour. */
static enum style style_of(const struct change *change)
{
	if (is_noise(change) || change->new->bytes == change->old->bytes)
		return STYLE_PLAIN;
	return change->new->bytes > change->old->bytes ? STYLE_GREW : STYLE_SHRANK;
}

/* The change, its margin, and what it is from and to. */
static void bytes_cells(const struct table *table, const struct report *report,
			const struct change *change)
{
	char diff[HUMAN_BYTES], old[HUMAN_BYTES], new[HUMAN_BYTES];
	int width = metric_columns(METRIC_BYTES);

	out_printf(table->out, "%s%*s%s ", terminal_style(&table->terminal, style_of(change)),
		   columns_of_difference(METRIC_BYTES),
		   human_size_diff(diff, (int64_t)(change->new->bytes - change->old->bytes)),
		   terminal_style(&table->terminal, STYLE_PLAIN));
	if (report_is_sampled(report)) {
		estimate_cell(table->out, change_variance(change));
		out_printf(table->out, "%-*s", NOISE_COLUMNS, is_noise(change) ? "noise" : "");
	}
	out_printf(table->out, "%*s %*s ", width, human_size(old, change->old->bytes), width,
		   human_size(new, change->new->bytes));
}

static void change_cells(const struct table *table, const struct report *report,
			 const struct change *change)
{
	const struct columns *columns = columns_of(report);
	char text[HUMAN_BYTES];

	out_printf(table->out, "%*s ", STATUS_COLUMNS, status_names[change_status(change)]);
	for (unsigned i = 0; i < columns->count; i++) {
		enum metric metric = (enum metric)columns->metrics[i];

		if (metric == METRIC_BYTES)
			bytes_cells(table, report, change);
		else
			out_printf(table->out, "%*s ", columns_of_difference(metric),
				   metric_difference_text(text, metric, change->old,
							  &report->sides[0], change->new,
							  &report->sides[1]));
	}
	out_text(table->out, " ");
}

static void change_row(const struct table *table, struct report *report,
		       const struct change *change)
{
	struct side *side = &report->sides[change_has_new(change) ? 1 : 0];
	const struct row *row = change_has_new(change) ? change->new : change->old;

	char *aside = text_old_place(report, change);
	struct table with_aside = *table;

	with_aside.aside = aside;
	change_cells(table, report, change);
	table_place(&with_aside, report, side, row->key, row->node);
	free(aside);
}

static bool differs(const struct report *report, const struct change *change, enum metric metric)
{
	return metric_difference(metric, change->old, &report->sides[0], change->new,
				 &report->sides[1]) != 0;
}

/* What somebody asked for, or what is live. */
static bool is_worth_a_row(const struct report *report, const struct change *change)
{
	const struct columns *columns = columns_of(report);
	int sort = report->options->sort;

	if (change_status(change) != STATUS_SAME)
		return true;
	for (unsigned i = 0; i < columns->count; i++)
		if (differs(report, change, (enum metric)columns->metrics[i]))
			return true;
	return sort != METRIC_FUNCTION && differs(report, change, (enum metric)sort);
}

/* Below the table, if a shown row has the word. */
static void noise_note(const struct table *table, bool any)
{
	if (any)
		out_text(table->out,
			 "\nnoise: the change may as well be none, as its interval includes 0\n");
}

void text_changes(struct report *report, struct out *out)
{
	struct table table = {out, terminal_of_stdout(), place_column(report), NULL};
	size_t most = format_shown(report, report->changes_kept, DEFAULT_TOP);
	size_t shown = 0, changed = 0;
	bool any_noise = false;

	for (size_t i = 0; i < report->changes_kept; i++) {
		const struct change *change = &report->changes[i];

		if (!is_worth_a_row(report, change))
			continue;
		if (!changed++)
			headings(&table, report);
		if (shown == most)
			continue;
		shown++;
		change_row(&table, report, change);
		any_noise = any_noise || is_noise(change);
	}
	if (!changed)
		out_text(out, "nothing changed\n");
	if (shown < changed)
		out_printf(out, "%12s %zu more rows changed; -n %zu shows all\n", "...",
			   changed - shown, changed);
	noise_note(&table, any_noise);
}
