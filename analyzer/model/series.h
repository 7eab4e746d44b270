/* SPDX-License-Identifier: MIT */
/*
 * The timelines of several processes as one sum, of a bounded number of evenly spaced points. Times
 * are on the wall's clock, in nanoseconds since 1970; the points lie at whole multiples of the
 * width, which doubles when there would be too many of them. What is left then is what a series of
 * that width would have had from the beginning, so the order of the processes does not matter.
 */
#ifndef ANALYZER_MODEL_SERIES_H
#define ANALYZER_MODEL_SERIES_H

#include <stddef.h>
#include <stdint.h>

#include "model/profile.h"

#define SERIES_POINTS 2048

struct series_point {
	uint64_t live_bytes, live_blocks, resident_bytes; /* as signed numbers */
};

struct series {
	uint64_t width; /* nanoseconds; 0: nothing was added */
	uint64_t first; /* the first point is at first * width */
	size_t count;
	struct series_point points[SERIES_POINTS];
};

/* Adds a process: at each point its own last point until then. */
void series_add(struct series *series, const struct profile *profile);

#endif
