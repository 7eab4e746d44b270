/* SPDX-License-Identifier: MIT */
/* `heapmark report`: the lines that hold the memory at a moment. */
#include "cmd.h"
#include "report/formats.h"
#include "report/report.h"

static const struct usage_example examples[] = {
	{"heapmark report app.hmk", "the lines that held the memory at the peak"},
	{"heapmark report app.hmk@end", "what was not freed when the program ended"},
	{"heapmark report --group-by module app.hmk@12.5s", "by library, after 12.5 seconds"},
	{"heapmark report --cumulative -n 40 app.hmk",
	 "each line with all the memory that was allocated below it"},
	{"heapmark report -i 'src/parse*' --columns bytes,blocks,average,own-peak app.hmk",
	 "only these files, with other columns"},
	{"heapmark report --json app.hmk | jq '.rows[0]'", "the largest row, for a script"},
	{NULL, NULL},
};

static const struct usage usage = {
	.command = "report",
	.operands = "[options] TRACE[@WHEN]",
	.summary = "Shows which lines of the program held its memory at a moment.",
	.details = "WHEN is peak (the default), end, the number of a snapshot as `heapmark list` "
		   "shows it, a time such as 12.5s (the snapshot it shows with that, or the last "
		   "one before), or the label of a "
		   "snapshot (the last one that has it). TRACE may be a directory: then it stands "
		   "for the traces in it, merged.",
	.examples = examples,
	.operands_min = 1,
	.operands_max = 1,
};

static int parse(struct report_options *options, int argc, char **argv, struct operands *operands,
		 struct error *err)
{
	const struct option_row table[] = {
		REPORT_OPTION_ROWS(options),
		OPT_CHOICE('s', "sort", &options->sort, "COLUMN", metric_sort_names,
			   "order rows by a column (default: bytes) or by function"),
		METRIC_COLUMNS_ROW(&options->columns),
		OPT_END(),
	};
	int done;

	options->top = REPORT_ALL_ROWS;
	done = options_parse(table, &usage, argc, argv, operands, err);
	options->top_given = options->top != REPORT_ALL_ROWS;
	return done;
}

static int run(struct report *report, const char *trace, struct error *err)
{
	struct out out;

	if (report_load(report, trace, "peak", err) < 0 || report_build(report, err) < 0)
		return -1;
	report_warn(report);
	out_stdout(&out);
	format_find(report->options->json ? "json" : "text")->write_report(report, &out);
	return out_close(&out, err);
}

int cmd_report(int argc, char **argv, struct error *err)
{
	struct report_options options = {0};
	struct operands operands;
	struct report report;
	int done = parse(&options, argc, argv, &operands, err);

	report_init(&report, &options);
	if (!done)
		done = run(&report, operands.values[0], err);
	report_release(&report);
	return done < 0 ? -1 : EXIT_FINE;
}
