/* SPDX-License-Identifier: MIT */
/* `heapmark info`: everything a trace says besides its call stacks. */
#include "cmd.h"
#include "one_trace.h"
#include "report/info.h"

static const struct usage_example examples[] = {
	{"heapmark info app.hmk", "the process, its modules, and what recording cost"},
	{"heapmark info --json app.hmk | jq '.timeline'", "live bytes over time, for a plot"},
	{NULL, NULL},
};

static const struct usage usage = {
	.command = "info",
	.operands = "[options] TRACE",
	.summary = "Shows the recorded process and machine, the options, the modules with their "
		   "build-ids, what recording cost, and what it missed.",
	.examples = examples,
	.operands_min = 1,
	.operands_max = 1,
};

int cmd_info(int argc, char **argv, struct error *err)
{
	static const struct one_trace_command command = {
		.usage = &usage,
		.json_help = "write JSON, with the whole timeline",
		.write_text = info_text,
		.write_json = info_json,
	};

	return one_trace_main(&command, argc, argv, err);
}
