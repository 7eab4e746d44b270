/* SPDX-License-Identifier: MIT */
/* `heapmark diff`: what changed between two moments, of one run or of two. */
#include "cmd.h"
#include "report/formats.h"
#include "report/report.h"

static const struct usage_example examples[] = {
	{"heapmark diff app.hmk@1 app.hmk@end", "what grew from the first snapshot to the end"},
	{"heapmark diff app.hmk@loaded app.hmk@saved", "between two marks of the program"},
	{"heapmark diff before.hmk after.hmk", "the peaks of two runs, or of two builds"},
	{"heapmark diff before/ after/", "two sets of traces, each merged"},
	{"heapmark diff --map /home/me/v1=/home/me/v2 v1.hmk v2.hmk",
	 "of a renamed directory, where the ends of paths do not tell"},
	{"heapmark diff --json --group-by module a.hmk b.hmk", "by library, for a script"},
	{NULL, NULL},
};

static const struct usage usage = {
	.command = "diff",
	.operands = "[options] OLD[@WHEN] NEW[@WHEN]",
	.summary = "Shows what grew and what shrank between two moments, the largest change first.",
	.details = "OLD and NEW may be the same trace. WHEN is as in `heapmark report --help`; "
		   "without "
		   "it, the peaks are compared. Of two builds, lines that have moved are paired by "
		   "module, "
		   "function, and their order in it, and what was left by the likeness of call "
		   "stacks; "
		   "each row tells which.",
	.examples = examples,
	.operands_min = 2,
	.operands_max = 2,
};

static int parse(struct report_options *options, int argc, char **argv, struct operands *operands,
		 struct error *err)
{
	const struct option_row table[] = {
		REPORT_OPTION_ROWS(options),
		OPT_CHOICE('s', "sort", &options->sort, "COLUMN", metric_sort_names,
			   "order rows by how much a column changed (default: bytes) or by "
			   "function"),
		METRIC_COLUMNS_ROW(&options->columns),
		OPT_LIST(0, "map", &options->map.asked, "OLD=NEW",
			 "what was below the path OLD, source or module, is below NEW in the new "
			 "build; may be repeated"),
		OPT_FLAG(0, "exact", &options->exact,
			 "pair only rows of the same module, function, file and line, even of two "
			 "builds"),
		OPT_END(),
	};
	int done;

	options->is_diff = true;
	options->top = REPORT_ALL_ROWS;
	done = options_parse(table, &usage, argc, argv, operands, err);
	options->top_given = options->top != REPORT_ALL_ROWS;
	return done;
}

static int run(struct report *report, char **traces, struct error *err)
{
	struct out out;

	if (report_load(report, traces[0], "peak", err) < 0 ||
	    report_load(report, traces[1], "peak", err) < 0 || report_build(report, err) < 0)
		return -1;
	report_warn(report);
	out_stdout(&out);
	format_find(report->options->json ? "json" : "text")->write_diff(report, &out);
	return out_close(&out, err);
}

int cmd_diff(int argc, char **argv, struct error *err)
{
	struct report_options options = {0};
	struct operands operands;
	struct report report;
	int done = parse(&options, argc, argv, &operands, err);

	report_init(&report, &options);
	if (!done)
		done = run(&report, operands.values, err);
	report_release(&report);
	return done < 0 ? -1 : EXIT_FINE;
}
