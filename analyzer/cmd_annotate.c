/* SPDX-License-Identifier: MIT */
/* `heapmark annotate`: the source with the memory of its lines beside it. */
#include "cmd.h"
#include "report/annotate.h"
#include "report/annotate_write.h"

#define USUAL_LINES   20
#define USUAL_CONTEXT 3

static const struct usage_example examples[] = {
	{"heapmark annotate app.hmk", "the file that held most at the peak"},
	{"heapmark annotate app.hmk@end src/parse.c", "one file, with what was not freed"},
	{"heapmark annotate --whole --cumulative app.hmk parse_rows",
	 "the file of a function, with what its lines' calls took"},
	{"heapmark annotate --source-path ~/app --columns bytes,blocks,average app.hmk parse.c",
	 "from a source that has moved, with other columns"},
	{NULL, NULL},
};

static const struct usage usage = {
	.command = "annotate",
	.operands = "[options] TRACE[@WHEN] [FILE|FUNCTION]",
	.summary = "Shows a source file with the memory of its lines beside it.",
	.details =
		"FILE is a path or any tail of one, FUNCTION a name; * stands for any characters "
		"and ? for one. What is both is taken as a file. Without it, the file that holds "
		"most is shown. WHEN is as in `heapmark report`.",
	.examples = examples,
	.operands_min = 1,
	.operands_max = 2,
};

static int parse(struct annotate_options *options, int argc, char **argv, struct operands *operands,
		 struct error *err)
{
	struct report_options *report = &options->report;
	const struct option_row table[] = {
		OPT_FLAG('c', "cumulative", &report->cumulative,
			 "count memory at every line of its call stack, at each at most once"),
		OPT_FLAG('w', "whole", &options->whole,
			 "show all of the file, not only its hottest lines"),
		OPT_COUNT('C', "context", &options->context, "N",
			  "show N lines around each (default: 3)"),
		OPT_COUNT('n', "top", &report->top, "N",
			  "show the N hottest lines (default: 20; with --json all)"),
		OPT_LIST('S', "source-path", &options->source_paths, "DIR",
			 "look for sources below DIR first, by any tail of their path; may be "
			 "repeated"),
		SELECTION_OPTION_ROWS(&report->selection),
		OPT_CHOICE('s', "sort", &report->sort, "COLUMN", metric_sort_names,
			   "what the hottest lines have most of (default: bytes)"),
		METRIC_COLUMNS_ROW(&report->columns),
		OPT_FLAG('j', "json", &report->json,
			 "write JSON, with exact numbers and all lines that have memory"),
		OPT_END(),
	};
	int done;

	report->top = REPORT_ALL_ROWS;
	options->context = USUAL_CONTEXT;
	done = options_parse(table, &usage, argc, argv, operands, err);
	if (report->top == REPORT_ALL_ROWS && !report->json)
		report->top = USUAL_LINES;
	if (!done && operands->count > 1)
		options->what = operands->values[1];
	return done;
}

static int run(struct report *report, const struct annotate_options *options, const char *trace,
	       struct error *err)
{
	struct annotation annotation = {0};
	struct out out;
	int ret;

	if (report_load(report, trace, "peak", err) < 0 || report_select(report, err) < 0)
		return -1;
	ret = annotation_build(&annotation, report, options, err);
	if (ret == 0) {
		report_warn(report);
		out_stdout(&out);
		(options->report.json ? annotate_write_json : annotate_write_text)(&annotation,
										   &out);
		ret = out_close(&out, err);
	}
	annotation_release(&annotation);
	return ret;
}

int cmd_annotate(int argc, char **argv, struct error *err)
{
	struct annotate_options options = {0};
	struct operands operands;
	struct report report;
	int done = parse(&options, argc, argv, &operands, err);

	report_init(&report, &options.report);
	if (!done)
		done = run(&report, &options, operands.values[0], err);
	option_list_release(&options.source_paths);
	report_release(&report);
	return done < 0 ? -1 : EXIT_FINE;
}
