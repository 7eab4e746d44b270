/* SPDX-License-Identifier: MIT */
/*
 * Which of a trace's sites a command is about, and between which moments: the same options in every
 * command. A site is taken if its domain is asked for, if its call stack matches one of --include
 * (or there is none) and none of --exclude, and if no suppression matches a frame of it.
 *
 * A pattern is held against the function, the file and the module: of the row's place, or with
 * --all-frames of every frame. A file or module is matched by its whole path or by any tail of it,
 * so parse.c and src/parse.c both match /home/me/app/src/parse.c.
 */
#ifndef ANALYZER_REPORT_SELECTION_H
#define ANALYZER_REPORT_SELECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "model/profile.h"
#include "model/window.h"
#include "report/stacks.h"
#include "report/suppressions.h"
#include "util/human.h"
#include "util/options.h"

/* The texts and lists are borrowed, from argv. */
struct selection {
	struct option_list domains; /* none: those the program asked for */
	struct option_list threads; /* by number; none: all */
	uint64_t *thread_numbers;   /* the same */
	struct option_list skipped; /* --skip: frames, not sites */
	struct option_list included, excluded;
	bool all_frames;
	struct option_list suppression_files;
	struct window_names window;
	uint64_t min_bytes; /* of a row */
	struct suppressions suppressions;
};

/* Rows of the command line's table. */
#define SELECTION_OPTION_ROWS(selection) \
	OPT_LIST('d', "domain", &(selection)->domains, "NAME", \
		 "only memory of this domain: malloc, mmap, arena, pool:NAME; may be " \
		 "repeated (default: all that the program asked for, so not mmap)"), \
		OPT_LIST(0, "thread", &(selection)->threads, "N", \
			 "only what this thread allocated, by its number in --group-by thread; " \
			 "may be repeated"), \
		OPT_LIST('i', "include", &(selection)->included, "GLOB", \
			 "only memory of places whose function, file or module matches; may be " \
			 "repeated"), \
		OPT_LIST('x', "exclude", &(selection)->excluded, "GLOB", \
			 "leave out memory of such places; may be repeated"), \
		OPT_FLAG( \
			'a', "all-frames", &(selection)->all_frames, \
			"let --include and --exclude match any frame of the call stack, not only " \
			"the row's place"), \
		OPT_CALL(0, "min-bytes", human_option_size, &(selection)->min_bytes, "SIZE", \
			 "only rows of at least SIZE, such as 64K"), \
		OPT_STRING(0, "since", &(selection)->window.since, "WHEN", \
			   "count allocations and frees from this moment on"), \
		OPT_STRING(0, "until", &(selection)->window.until, "WHEN", \
			   "read the trace only up to this moment, which is then its end"), \
		OPT_LIST(0, "suppressions", &(selection)->suppression_files, "FILE", \
			 "leave out call stacks that a file of leak:TEMPLATE lines matches, as " \
			 "for " \
			 "LeakSanitizer; may be repeated"), \
		OPT_LIST(0, "skip", &(selection)->skipped, "NAME", \
			 "pass over this function, module or module+0xoffset, with * and ?, when " \
			 "looking for a row's line; may be repeated")

/* Reads the files that the options name. */
int selection_prepare(struct selection *selection, struct error *err);
void selection_release(struct selection *selection);

/* Whether sites of a domain may be taken. */
bool selection_has_domain(const struct selection *selection, const struct profile *profile,
			  uint32_t domain);

/* What a site of the profile is to the selection. */
enum verdict {
	VERDICT_LEFT_OUT,   /* not asked for */
	VERDICT_SUPPRESSED, /* asked for, but suppressed */
	VERDICT_TAKEN,
};

/* The verdict on each site, by its index, in an array that the caller frees. Marks the suppressions
 * that were of use. */
uint8_t *selection_apply(struct selection *selection, struct stacks *stacks);

#endif
