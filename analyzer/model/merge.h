/* SPDX-License-Identifier: MIT */
/*
 * Several profiles as one: sums by call stack. Data, no I/O; the caller brings one profile at a
 * time, twice, so that the memory it takes is that of the merged call stacks, whatever their
 * number.
 *
 * First all are added with what they hold at their end (@end), then, when it is known when they
 * held most together (merge_choose()), those that were there with what they held at that moment.
 */
#ifndef ANALYZER_MODEL_MERGE_H
#define ANALYZER_MODEL_MERGE_H

#include "model/instants.h"
#include "model/profile.h"
#include "model/series.h"
#include "util/pairs.h"

struct merge_module;

struct merge {
	struct profile result; /* a merged trace's */
	struct instants instants;
	struct series series;
	struct text_list sources;     /* of each merged process the trace it came from */
	struct merge_module *modules; /* by path and build-id */
	struct pairs offsets;         /* halves of an offset -> a number */
	struct pairs locations;       /* module, offset's number -> a number */
	struct pairs tree;            /* parent, location -> node */
	bool is_first;                /* nothing was added yet */
	bool has_end;                 /* all have one */
	uint64_t peak_wall;           /* when they held most together */
	uint64_t possible_bytes;      /* the most that they can have held */
};

void merge_init(struct merge *merge);
void merge_release(struct merge *merge);

/* Adds a profile that was loaded at @end. Negative, with a sentence, if it does not go with the
 * others (then the merge is of no use but to be released). */
int merge_add(struct merge *merge, const struct profile *profile, struct error *err);

/* After all were added: decides on the moment. */
void merge_choose(struct merge *merge);

/* The moment at which to load the profile that was added as the one of this number; false: it
 * contributes nothing. */
bool merge_moment(const struct merge *merge, size_t number, struct moment *moment);

/* Adds what a profile holds at that moment. Negative if it is not the one that was added before. */
int merge_add_peak(struct merge *merge, const struct profile *profile, struct error *err);

/* After that: makes the result a whole profile, of one snapshot. */
void merge_finish(struct merge *merge);

#endif
