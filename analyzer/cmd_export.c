/* SPDX-License-Identifier: MIT */
/* `heapmark export`: a moment of a trace in the format of another tool. */
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "export/export.h"
#include "report/report.h"
#include "util/out_file.h"

#define NOT_GIVEN (-1)

struct export_options {
	struct report_options report;
	int format, value, group; /* NOT_GIVEN, or what it is in its table */
	const char *path;         /* NULL: stdout */
	bool force;
};

static const struct usage_example examples[] = {
	{"heapmark export --to pprof -o app.pb.gz app.hmk", "then: go tool pprof -top app.pb.gz"},
	{"heapmark export --to folded app.hmk@end | flamegraph.pl > app.svg",
	 "a flame graph of what was never freed"},
	{"heapmark export --to csv --group-by function app.hmk", "the report, for a spreadsheet"},
	{NULL, NULL},
};

static const struct usage usage = {
	.command = "export",
	.operands = "[options] --to FORMAT TRACE[@WHEN]",
	.summary = "Writes a moment of a trace in the format of another tool.",
	.details = "WHEN is as in `heapmark report`: peak (the default), end, the number of a "
		   "snapshot, a time or a label. Formats:"
#define FORMAT(name, flags, text) " " #name " is " text ";"
#include "export/formats.def"
#undef FORMAT
		   " all with exact numbers, which add up to those of the report.",
	.examples = examples,
	.operands_min = 1,
	.operands_max = 1,
};

static int parse(struct export_options *options, int argc, char **argv, struct operands *operands,
		 struct error *err)
{
	const struct option_row table[] = {
		OPT_CHOICE('t', "to", &options->format, "FORMAT", export_format_names,
			   "the format, one of those above"),
		OPT_STRING('o', "output", &options->path, "FILE",
			   "write to FILE instead of stdout, whole or not at all"),
		OPT_FLAG(0, "force", &options->force, "replace FILE if it exists"),
		OPT_CHOICE('m', "metric", &options->value, "WHAT", value_names,
			   "the one number of a stack in folded and speedscope: bytes (live "
			   "at the moment, the default), blocks, allocated, allocations, frees, "
			   "reallocations, temporary, peak, peak-blocks, end or end-blocks"),
		OPT_CHOICE(
			'g', "group-by", &options->group, "WHAT", report_group_names,
			"one row of csv for each line (the default), function, file, module, "
			"stack, domain, size or thread (the last two if the recording tells them "
			"apart)"),
		OPT_FLAG('c', "cumulative", &options->report.cumulative,
			 "in csv, count memory at every line of its call stack, at each at most "
			 "once"),
		SELECTION_OPTION_ROWS(&options->report.selection),
		OPT_END(),
	};

	return options_parse(table, &usage, argc, argv, operands, err);
}

/* The name of an option that only rows know; NULL if none is given. */
static const char *option_of_rows(const struct export_options *options)
{
	if (options->group != NOT_GIVEN)
		return "group-by";
	if (options->report.cumulative)
		return "cumulative";
	return options->report.selection.min_bytes ? "min-bytes" : NULL;
}

static int check(const struct export_options *options, struct error *err)
{
	const struct export_format *format;
	const char *rows_option;

	if (options->format == NOT_GIVEN)
		return error_set(err, "export to which format? Give --to, such as --to pprof; see "
				      "'heapmark export --help'");
	format = &export_formats[options->format];
	if (options->value != NOT_GIVEN && !(format->flags & EXPORT_ONE_VALUE))
		return error_set(err,
				 "--metric does not go with --to %s, which has its own numbers",
				 format->name);
	rows_option = option_of_rows(options);
	if (rows_option && !(format->flags & EXPORT_ROWS))
		return error_set(
			err,
			"--%s is about rows, and does not go with --to %s, which has whole "
			"call stacks",
			rows_option, format->name);
	if (!options->path && format->flags & EXPORT_BINARY && isatty(STDOUT_FILENO))
		return error_set(err,
				 "%s is not for a terminal; name a file with -o, or redirect the "
				 "output",
				 format->name);
	return 0;
}

static int write_out(const struct export_options *options, struct export *export, struct error *err)
{
	const struct export_format *format = &export_formats[options->format];
	struct out_file file;
	struct out out;

	if (!options->path) {
		out_stdout(&out);
		format->write(export, &out);
		return out_close(&out, err);
	}
	if (out_file_open(&file, options->path, options->force, err) < 0)
		return -1;
	format->write(export, &file.out);
	return out_file_close(&file, err);
}

static int run(const struct export_options *options, struct report *report, const char *trace,
	       struct error *err)
{
	struct export export = {
		.report = report,
		.side = &report->sides[0],
		.value = options->value == NOT_GIVEN ? VALUE_BYTES : (enum value)options->value,
	};

	if (check(options, err) < 0 || report_load(report, trace, "peak", err) < 0 ||
	    report_build(report, err) < 0)
		return -1;
	report_warn(report);
	return write_out(options, &export, err);
}

int cmd_export(int argc, char **argv, struct error *err)
{
	struct export_options options = {
		.format = NOT_GIVEN, .value = NOT_GIVEN, .group = NOT_GIVEN};
	struct operands operands;
	struct report report;
	int done = parse(&options, argc, argv, &operands, err);

	if (options.group != NOT_GIVEN)
		options.report.group = options.group;
	if (options.path && strcmp(options.path, "-") == 0)
		options.path = NULL; /* as people have it of other commands */
	report_init(&report, &options.report);
	if (!done)
		done = run(&options, &report, operands.values[0], err);
	report_release(&report);
	return done < 0 ? -1 : EXIT_FINE;
}
