/* SPDX-License-Identifier: MIT */
/*
 * One source file with the numbers of its lines. A line has the memory of all places that are in
 * it, whatever function or module they belong to: inlined code and templates are in many.
 *
 * What is shown of the file are ranges of lines: the hottest with some lines around them, or all.
 * The memory of a report is then that of these ranges, of the rest of the file, and of elsewhere;
 * each site counts in the first of these that one of its lines is in.
 */
#ifndef ANALYZER_REPORT_ANNOTATE_H
#define ANALYZER_REPORT_ANNOTATE_H

#include <stdbool.h>
#include <stdint.h>

#include "report/report.h"
#include "report/source.h"

/* What is asked for, besides the report's own options. */
struct annotate_options {
	struct report_options report; /* its `top`: the hottest lines */
	const char *what; /* a file's path, a tail of it, or a function; NULL: the hottest file */
	struct option_list source_paths;
	bool whole;
	uint64_t context; /* lines around those with memory */
};

/* How a source's last change is to what was recorded. */
enum source_age {
	SOURCE_FITS,              /* older than both, or there is no source */
	SOURCE_NEWER_THAN_BINARY, /* than `newer_than` */
	SOURCE_NEWER_THAN_RUN,
};

struct line_range {
	uint32_t first, last;
};

/* Notes about places, by their number; 0 at first. */
struct place_marks {
	uint32_t *marks;
	size_t count;
};

struct annotation {
	struct report *report; /* borrowed, as the options */
	const struct annotate_options *options;
	const char *file;   /* as debug information has it; interned in the report's places */
	bool is_function;   /* `what` is one, and only its lines count */
	struct tally tally; /* by line */
	size_t row_count;   /* of tally.rows, sorted by line; those without a line are left out */
	struct line_range *ranges; /* in order, apart from each other */
	size_t range_count;
	struct row shown, rest, elsewhere;
	size_t rest_lines;
	struct source source;
	enum source_age age;
	const char *newer_than; /* the module's path */
	struct place_marks marks;
};

/* After report_select(). Negative with a sentence if no file, or more than one, is meant. */
int annotation_build(struct annotation *annotation, struct report *report,
		     const struct annotate_options *options, struct error *err);
void annotation_release(struct annotation *annotation);

/* A line's numbers, and its number in the file. */
const struct row *annotation_row(const struct annotation *annotation, uint32_t line);
uint32_t annotation_line(const struct annotation *annotation, const struct row *row);

/* The parts of annotation_build(). */

/* Finds the file, or says why there is none. */
int annotation_choose(struct annotation *annotation, struct error *err);

/* Chooses the ranges, once rows and source are there. */
void annotation_choose_ranges(struct annotation *annotation);
bool annotation_shows(const struct annotation *annotation, uint32_t line);

/* Calls `see` for each place at which a site counts: its own, or all of its stack's. */
typedef void annotation_see(void *context, uint32_t site, uint32_t place);
void annotation_each_place(struct report *report, uint32_t site, bool cumulative,
			   annotation_see *see, void *context);

/* Whether a place belongs to what is annotated, as a file or as a function. */
bool annotation_matches(const struct annotate_options *options, bool is_function,
			const struct place *place);

/* Where the mark of a place is kept. Good until the next call. */
uint32_t *place_mark(struct place_marks *marks, const struct places *places, uint32_t number);

#endif
