/* SPDX-License-Identifier: MIT */
/*
 * A report: the rows of one profile, or what changed between two, ready to be written. Formats are
 * in report/formats.h; they get these structures const and cannot change what they print.
 */
#ifndef ANALYZER_REPORT_REPORT_H
#define ANALYZER_REPORT_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "model/change.h"
#include "model/profile.h"
#include "model/tally.h"
#include "report/builds.h"
#include "report/calls.h"
#include "report/metrics.h"
#include "report/path_map.h"
#include "report/places.h"
#include "report/selection.h"
#include "report/stacks.h"
#include "report/translation.h"
#include "symbol/symbol.h"
#include "util/error.h"
#include "util/options.h"

#define REPORT_ALL_ROWS UINT64_MAX

/* The names of enum group on the command line, in their order; end with NULL. */
extern const char *const report_group_names[];

/* What is asked for. The texts and lists are borrowed. */
struct report_options {
	int group; /* enum group */
	int sort;  /* enum metric, or METRIC_FUNCTION */
	struct columns columns;
	bool cumulative;
	bool json;
	uint64_t top; /* how many rows to show; REPORT_ALL_ROWS */
	bool top_given;
	struct selection selection;
	bool is_diff;        /* two sides are to be loaded */
	bool exact;          /* a diff takes no two places for one */
	struct path_map map; /* a diff's --map */
};

/* Rows of the command line's table that report and diff have in common. */
#define REPORT_OPTION_ROWS(options) \
	OPT_CHOICE('g', "group-by", &(options)->group, "WHAT", report_group_names, \
		   "one row for each line (the default), function, file, module, stack, " \
		   "domain, size or thread (the last two if the recording tells them apart)"), \
		OPT_FLAG('c', "cumulative", &(options)->cumulative, \
			 "count memory at every line of its call stack, at each at most once"), \
		SELECTION_OPTION_ROWS(&(options)->selection), \
		OPT_COUNT('n', "top", &(options)->top, "N", \
			  "show the first N rows (default: 20; with --json all)"), \
		OPT_FLAG('j', "json", &(options)->json, \
			 "write JSON, with exact numbers and all " \
			 "rows")

/* What one profile contributes. */
struct side {
	struct profile profile;
	struct stacks stacks;
	struct tally tally;
	uint8_t *verdicts;      /* enum verdict of each site */
	uint32_t *likened;      /* by stacks_path(): the key of the row that it is
				   like, plus 1; 0: its own. NULL: none */
	uint64_t blocks, bytes; /* of all its sites that are taken, at the moment */
	double variance;        /* of these bytes */
	uint64_t suppressed_blocks, suppressed_bytes;
	size_t kept; /* rows of at least --min-bytes, which come first once
			sorted */
};

/* Everything that must live as long as the rows. */
struct report {
	struct report_options *options;
	struct symbolizer *symbolizer;
	struct places places;
	struct pairs paths;
	struct builds builds;           /* a diff's, unless it is to be exact */
	struct translation translation; /* from the old build's places to the new one's */
	struct side sides[2];           /* a report has one; a diff the old and the new */
	unsigned side_count;
	struct change *changes; /* a diff's rows, sorted */
	size_t change_count;
	size_t changes_kept; /* of at least --min-bytes; they come first */
};

void report_init(struct report *report, struct report_options *options);
void report_release(struct report *report);

/* Loads TRACE[@WHEN] as the next side. */
int report_load(struct report *report, const char *trace, const char *default_when,
		struct error *err);

/* Finds out which sites are taken, and sums them up, for what makes no rows of
 * them. */
int report_select(struct report *report, struct error *err);

/* The same; then groups all sides, and sorts the rows of a single one, or
 * compares two. */
int report_build(struct report *report, struct error *err);

/* The row's key of a site that is taken; not for cumulative rows. */
uint32_t report_key(struct report *report, struct side *side, uint32_t site);

/* Says on stderr, one sentence each, what a reader must know of the traces: that
 * one is cut, for example. After report_build(), so that a refusal is one
 * sentence alone. */
void report_warn(const struct report *report);

/* Whether one of the sides is sampled, so that rows and totals are estimates. */
bool report_is_sampled(const struct report *report);

/* Whether the site of this index belongs to the report. */
bool side_takes(const struct side *side, size_t index);

/* The moment of a side: its snapshot (NULL for the peak), and its time. */
const struct snapshot *side_snapshot(const struct side *side);
uint64_t side_time_ns(const struct side *side);

#endif
