/* SPDX-License-Identifier: MIT */
/*
 * A moment of a run, as people write it behind the trace: @peak, @end, @3 (snapshot 3), @12.5s (the
 * snapshot that is shown with this time, or the last one before it; within the run), @label (the
 * last snapshot with that label).
 */
#ifndef ANALYZER_MODEL_MOMENT_H
#define ANALYZER_MODEL_MOMENT_H

#include <stddef.h>
#include <stdint.h>

#include "util/error.h"

struct profile;

enum moment_kind {
	MOMENT_PEAK,
	MOMENT_END,
	MOMENT_SNAPSHOT,
	/* Never written by people: merging asks for them. */
	MOMENT_PEAK_BY, /* the peak as it was known at a snapshot */
	MOMENT_KEPT,    /* what surely was live all the time from the snapshot before to this one */
};

struct moment {
	enum moment_kind kind;
	size_t position; /* in the profile's list of snapshots, of those kinds that need one */
};

/* Reads `when`, the text behind the @. Returns 1 if that is enough to know the moment (@peak,
 * @end), 0 if the snapshots are needed: then moment_find(). */
int moment_parse(const char *when, struct moment *moment);

/* Looks among the snapshots of a profile, whose headers must have been read. Negative, with a
 * sentence that lists what there is, if there is no such moment. */
int moment_find(const char *when, const struct profile *profile, struct moment *moment,
		struct error *err);

#endif
