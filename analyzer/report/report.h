/* SPDX-License-Identifier: MIT */
/*
 * A report: the rows of one profile, or what changed between two, ready to be written. Formats are
 * in report/formats.h; they get these structures const and cannot change what they print.
 */
#ifndef ANALYZER_REPORT_REPORT_H
#define ANALYZER_REPORT_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "model/profile.h"
#include "model/tally.h"
#include "report/places.h"
#include "report/stacks.h"
#include "symbol/symbol.h"
#include "util/error.h"
#include "util/options.h"

#define REPORT_ALL_ROWS UINT64_MAX

enum sort {
	SORT_BYTES,
	SORT_BLOCKS,
	SORT_ALLOCATIONS,
	SORT_ALLOCATED,
	SORT_TEMPORARY,
	SORT_PEAK,
	SORT_END,
	SORT_FUNCTION,
};

/* The names of enum group and enum sort on the command line, in their order; end with NULL. */
extern const char *const report_group_names[];
extern const char *const report_sort_names[];

/* What is asked for. The texts and lists are borrowed. */
struct report_options {
	int group; /* enum group */
	int sort;  /* enum sort */
	bool cumulative;
	bool json;
	uint64_t top; /* how many rows to show; REPORT_ALL_ROWS */
	bool top_given;
	struct option_list domains; /* none: those the program asked for */
	struct option_list skipped; /* --skip */
};

/* Rows of the command line's table that report and diff have in common. */
#define REPORT_OPTION_ROWS(options) \
	OPT_CHOICE('g', "group-by", &(options)->group, "WHAT", report_group_names, \
		   "one row for each line (the default), function, file, module or stack"), \
		OPT_FLAG('c', "cumulative", &(options)->cumulative, \
			 "count memory at every line of its call stack, at each at most once"), \
		OPT_LIST('d', "domain", &(options)->domains, "NAME", \
			 "only memory of this domain: malloc, mmap, arena, pool:NAME; may be " \
			 "repeated (default: all that the program asked for, so not mmap)"), \
		OPT_LIST(0, "skip", &(options)->skipped, "NAME", \
			 "pass over this function, module or module+0xoffset, with * and ?, when " \
			 "looking for a row's line; may be repeated"), \
		OPT_FLAG('j', "json", &(options)->json, \
			 "write JSON, with exact numbers and all " \
			 "rows")

/* What one profile contributes. */
struct side {
	struct profile profile;
	struct stacks stacks;
	struct tally tally;
	uint64_t blocks, bytes; /* of all its sites in the domains asked for, at the moment */
	double variance;        /* of these bytes */
};

/* Everything that must live as long as the rows. */
struct report {
	struct report_options *options;
	struct symbolizer *symbolizer;
	struct places places;
	struct pairs paths;
	struct side sides[2]; /* a report has one; a diff the old and the new */
	unsigned side_count;
	struct change *changes; /* a diff's rows, sorted */
	size_t change_count;
};

void report_init(struct report *report, struct report_options *options);
void report_release(struct report *report);

/* Loads TRACE[@WHEN] as the next side. */
int report_load(struct report *report, const char *trace, const char *default_when,
		struct error *err);

/* Groups all sides; sorts the rows of a single one, or compares two. */
int report_build(struct report *report, struct error *err);

/* Says on stderr, one sentence each, what a reader must know of the traces: that one is cut, for
 * example. After report_build(), so that a refusal is one sentence alone. */
void report_warn(const struct report *report);

/* Whether one of the sides is sampled, so that rows and totals are estimates. */
bool report_is_sampled(const struct report *report);

/* Whether a domain was asked for. */
bool report_has_domain(const struct report *report, const struct profile *profile, uint32_t domain);

/* The moment of a side: its snapshot (NULL for the peak), and its time. */
const struct snapshot *side_snapshot(const struct side *side);
uint64_t side_time_ns(const struct side *side);

#endif
