/* SPDX-License-Identifier: MIT */
/* Moments and groupings in words; see text_moment.h. */
#include "report/text_moment.h"

#include <inttypes.h>
#include <stdio.h>

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

void text_grouping(struct out *out, const struct report_options *options)
{
	out_printf(out, ", %sby %s", options->cumulative ? "cumulative " : "",
		   report_group_names[options->group]);
	for (size_t i = 0; i < options->domains.count; i++)
		out_printf(out, "%s%s", i ? ", " : "; only ", options->domains.values[i]);
	out_text(out, "\n\n");
}
