/* SPDX-License-Identifier: MIT */
/*
 * A part of a run, as people ask for it with --since and --until: two snapshots, named as behind an
 * @. What comes after the second is not read, so that it is the end, and the peak is the largest
 * until then. What was counted up to the first is taken off the counters of the sites: allocations,
 * their bytes, frees, reallocations and temporary blocks.
 */
#ifndef ANALYZER_MODEL_WINDOW_H
#define ANALYZER_MODEL_WINDOW_H

#include <stdbool.h>
#include <stddef.h>

#include "util/error.h"

struct moment;
struct profile;

/* As given on the command line; NULL: from the start, to the end. */
struct window_names {
	const char *since, *until;
};

struct window {
	bool has_since, has_until;
	size_t since, until; /* positions in the profile's list of snapshots */
};

/* Whether the snapshots must be known to find it. */
bool window_is_asked(const struct window_names *names);

/* Looks among the snapshots of a profile, whose headers must have been read. Negative, with a
 * sentence, if there are no such moments, or if `moment` lies behind the window. */
int window_find(const struct window_names *names, const struct profile *profile,
		const struct moment *moment, struct window *window, struct error *err);

#endif
