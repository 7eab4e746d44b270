/* SPDX-License-Identifier: MIT */
/* `heapmark tree`: the calls that lead to the memory, from above or from below. */
#include <math.h>
#include <stdlib.h>

#include "cmd.h"
#include "report/tree.h"
#include "report/tree_write.h"

#define USUAL_MIN_SHARE 0.01

static const struct usage_example examples[] = {
	{"heapmark tree app.hmk", "from main() down to the lines that held the peak"},
	{"heapmark tree --bottom-up app.hmk@end",
	 "from the lines that kept memory to their callers"},
	{"heapmark tree --group-by function --fold-recursion --min-share 0.1% app.hmk",
	 "by function, recursion taken out, in more detail"},
	{"heapmark tree --sort temporary --columns temporary,allocations app.hmk",
	 "which calls lead to blocks that are freed at once"},
	{"heapmark tree --json app.hmk | jq '.nodes | length'", "all branches, for a script"},
	{NULL, NULL},
};

static const struct usage usage = {
	.command = "tree",
	.operands = "[options] TRACE[@WHEN]",
	.summary = "Shows the memory at a moment as a tree of the calls that lead to it.",
	.details =
		"Each branch has the memory of all that is below it. [self] is what its own line "
		"holds, and what is pruned is summed up, so that the lines of a level add up to "
		"the "
		"line above them. Frames without numbers have those of the line above. WHEN is as "
		"in "
		"`heapmark report`.",
	.examples = examples,
	.operands_min = 1,
	.operands_max = 1,
};

/* Those of report_group_names that are places in code. */
static const char *const group_names[] = {
	[GROUP_LINE] = "line",     [GROUP_FUNCTION] = "function", [GROUP_FILE] = "file",
	[GROUP_MODULE] = "module", [GROUP_MODULE + 1] = NULL,
};

/* "1%", "0.5", 0 to 100; an option_callback. */
static int parse_share(const char *name, const char *value, void *context, struct error *err)
{
	double *share = context, percent;
	char *end;

	percent = strtod(value, &end);
	if (end == value || (*end == '%' ? end[1] : *end) || !isfinite(percent) || percent < 0 ||
	    percent > 100)
		return error_set(err, "--%s takes a part such as 1%% or 0.5%%, not '%s'", name,
				 value);
	*share = percent / 100;
	return 0;
}

static int parse(struct tree_options *options, int argc, char **argv, struct operands *operands,
		 struct error *err)
{
	struct report_options *report = &options->report;
	const struct option_row table[] = {
		OPT_FLAG('b', "bottom-up", &options->bottom_up,
			 "from the lines that hold memory to their callers"),
		OPT_CHOICE('g', "group-by", &report->group, "WHAT", group_names,
			   "what a branch is: a line (the default), function, file or module"),
		OPT_FLAG('r', "fold-recursion", &options->fold_recursion,
			 "go back to a place that is on the path already, instead of entering it "
			 "again"),
		OPT_CALL(0, "min-share", parse_share, &options->min_share, "PERCENT",
			 "prune branches with less than this part of the whole (default: 1%; with "
			 "--json nothing)"),
		OPT_COUNT(0, "depth", &options->depth, "N", "prune what is more than N calls deep"),
		OPT_COUNT('n', "top", &report->top, "N",
			  "keep the N largest branches of each branch"),
		OPT_FLAG(0, "unfold", &options->unfold, "show all frames of long chains"),
		SELECTION_OPTION_ROWS(&report->selection),
		OPT_CHOICE('s', "sort", &report->sort, "COLUMN", metric_sort_names,
			   "order and prune branches by a column (default: bytes)"),
		METRIC_COLUMNS_ROW(&report->columns),
		OPT_FLAG('j', "json", &report->json,
			 "write JSON, with exact numbers and all branches"),
		OPT_END(),
	};
	int done;

	report->top = REPORT_ALL_ROWS;
	options->depth = TREE_ALL;
	options->min_share = -1;
	done = options_parse(table, &usage, argc, argv, operands, err);
	report->top_given = report->top != REPORT_ALL_ROWS;
	if (options->min_share < 0)
		options->min_share = report->json ? 0 : USUAL_MIN_SHARE;
	return done;
}

static int run(struct report *report, const struct tree_options *options, const char *trace,
	       struct error *err)
{
	struct tree tree;
	struct out out;

	if (report_load(report, trace, "peak", err) < 0 || report_select(report, err) < 0)
		return -1;
	report_warn(report);
	tree_init(&tree, report, options);
	out_stdout(&out);
	(options->report.json ? tree_write_json : tree_write_text)(&tree, &out);
	tree_release(&tree);
	return out_close(&out, err);
}

int cmd_tree(int argc, char **argv, struct error *err)
{
	struct tree_options options = {0};
	struct operands operands;
	struct report report;
	int done = parse(&options, argc, argv, &operands, err);

	report_init(&report, &options.report);
	if (!done)
		done = run(&report, &options, operands.values[0], err);
	report_release(&report);
	return done < 0 ? -1 : EXIT_FINE;
}
