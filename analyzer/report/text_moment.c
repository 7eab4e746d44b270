/* SPDX-License-Identifier: MIT */
/* Moments and groupings in words; see text_moment.h. */
#include "report/text_moment.h"

#include <inttypes.h>
#include <stdio.h>

#include "report/text_head.h"
#include "util/human.h"

void text_moment(char *text, size_t size, const struct side *side)
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

/* "; not a, b", if there are any. */
static void list(struct out *out, const char *before, const struct option_list *values)
{
	for (size_t i = 0; i < values->count; i++) {
		out_text(out, i ? ", " : before);
		text_printable(out, values->values[i]);
	}
}

static void window(struct out *out, const struct profile *profile)
{
	const struct window *window = &profile->window;
	char since[HUMAN_BYTES], until[HUMAN_BYTES];

	if (window->has_since)
		out_printf(out, "; allocations since %s",
			   human_duration(since, profile->snapshots[window->since].time_ns));
	if (window->has_until)
		out_printf(out, "; until %s",
			   human_duration(until, profile->snapshots[window->until].time_ns));
}

void text_grouping(struct out *out, const struct report *report)
{
	const struct report_options *options = report->options;
	const struct selection *selection = &options->selection;
	char size[HUMAN_BYTES];

	out_printf(out, ", %sby %s", options->cumulative ? "cumulative " : "",
		   report_group_names[options->group]);
	list(out, "; only ", &selection->domains);
	list(out, "; only of thread ", &selection->threads);
	list(out, selection->all_frames ? "; only through " : "; only from ", &selection->included);
	list(out, selection->all_frames ? "; not through " : "; not from ", &selection->excluded);
	if (selection->min_bytes)
		out_printf(out, "; rows of %s or more", human_size(size, selection->min_bytes));
	window(out, &report->sides[report->side_count - 1].profile);
	out_text(out, "\n\n");
}
