/* SPDX-License-Identifier: MIT */
/* `heapmark list`: the snapshots of a trace, for choosing a moment. */
#include <inttypes.h>

#include "cmd.h"
#include "one_trace.h"
#include "report/estimate_text.h"
#include "report/json_value.h"
#include "report/text_head.h"
#include "report/words.h"
#include "util/human.h"

static const struct usage_example examples[] = {
	{"heapmark list app.hmk", "then, for example: heapmark report app.hmk@3"},
	{"heapmark list --json app.hmk | jq '.snapshots[].live_bytes'", "for a script"},
	{NULL, NULL},
};

static const struct usage usage = {
	.command = "list",
	.operands = "[options] TRACE",
	.summary =
		"Lists the snapshots of a trace: number, time, reason, label, and what was live.",
	.details = "The number, the time or the label of a snapshot can follow a trace's name as "
		   "@WHEN in every command that answers of a moment.",
	.examples = examples,
	.operands_min = 1,
	.operands_max = 1,
};

static void write_line(struct out *out, const struct snapshot *snapshot)
{
	char time[HUMAN_BYTES], live[HUMAN_BYTES], blocks[HUMAN_BYTES], peak[HUMAN_BYTES];

	out_printf(out, "%6" PRIu64 " %12s %11s %12s %11s  %-13s ", snapshot->index,
		   human_duration(time, snapshot->time_ns),
		   human_size(live, snapshot->totals.live_bytes),
		   human_count(blocks, snapshot->totals.live_blocks),
		   human_size(peak, snapshot->totals.peak_bytes), word_reason(snapshot->reason));
	text_printable(out, snapshot->label);
	out_text(out, "\n");
}

static void write_text(struct out *out, const struct profile *profile)
{
	struct terminal terminal = terminal_of_stdout();

	estimate_fact(out, profile);
	if (!profile->snapshot_count)
		out_text(out, "no snapshots\n");
	else
		out_printf(out, "%s%6s %12s %11s %12s %11s  %-13s %s%s\n",
			   terminal_style(&terminal, STYLE_DIM), "number", "time", "live", "blocks",
			   "peak", "reason", "label", terminal_style(&terminal, STYLE_PLAIN));
	for (size_t i = 0; i < profile->snapshot_count; i++)
		write_line(out, &profile->snapshots[i]);
}

static json_t *json_snapshot(const struct snapshot *snapshot)
{
	json_t *object = json_object();

	json_put(object, "index", json_count(snapshot->index));
	json_put(object, "time_s", json_seconds(snapshot->time_ns));
	json_put(object, "reason", json_text(word_reason(snapshot->reason)));
	json_put(object, "label", *snapshot->label ? json_text(snapshot->label) : json_null());
	json_put(object, "live_bytes", json_count(snapshot->totals.live_bytes));
	json_put(object, "live_blocks", json_count(snapshot->totals.live_blocks));
	json_put(object, "peak_bytes", json_count(snapshot->totals.peak_bytes));
	json_put(object, "peak_blocks", json_count(snapshot->totals.peak_blocks));
	json_put(object, "peak_time_s", json_seconds(snapshot->peak_time_ns));
	json_put(object, "allocations", json_count(snapshot->totals.allocations));
	json_put(object, "allocated_bytes", json_count(snapshot->totals.allocated_bytes));
	json_put(object, "frees", json_count(snapshot->totals.frees));
	json_put(object, "threads", json_count(snapshot->threads));
	json_put(object, "resident_bytes",
		 snapshot->resident_bytes ? json_count(snapshot->resident_bytes) : json_null());
	return object;
}

static void write_json(struct out *out, const struct profile *profile)
{
	struct json_out json;

	json_out_begin(&json, out, "heapmark.list/1");
	json_out_member(&json, "trace", json_trace(profile));
	json_out_member(&json, "sampling", json_sampling(profile));
	json_out_member(&json, "losses", json_losses(profile));
	json_out_array(&json, "snapshots");
	for (size_t i = 0; i < profile->snapshot_count; i++)
		json_out_element(&json, json_snapshot(&profile->snapshots[i]));
	json_out_end(&json);
}

int cmd_list(int argc, char **argv, struct error *err)
{
	static const struct one_trace_command command = {
		.usage = &usage,
		.json_help = "write JSON, with exact numbers",
		.write_text = write_text,
		.write_json = write_json,
	};

	return one_trace_main(&command, argc, argv, err);
}
