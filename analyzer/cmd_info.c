/* SPDX-License-Identifier: MIT */
/* `heapmark info`: everything a trace says besides its call stacks. */
#include "cmd.h"
#include "load.h"
#include "report/info.h"
#include "util/options.h"

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

static int run(const char *trace, bool json, struct error *err)
{
	struct profile profile;
	struct out out;
	int ret;

	profile_init(&profile);
	ret = load_trace(&profile, trace, NULL, err);
	if (ret == 0) {
		load_warn(&profile);
		out_stdout(&out);
		if (json)
			info_json(&out, &profile);
		else
			info_text(&out, &profile);
		ret = out_close(&out, err);
	}
	profile_release(&profile);
	return ret;
}

int cmd_info(int argc, char **argv, struct error *err)
{
	bool json = false;
	const struct option_row table[] = {
		OPT_FLAG('j', "json", &json, "write JSON, with the whole timeline"),
		OPT_END(),
	};
	struct operands operands;
	int done = options_parse(table, &usage, argc, argv, &operands, err);

	if (!done)
		done = run(operands.values[0], json, err);
	return done < 0 ? -1 : EXIT_FINE;
}
