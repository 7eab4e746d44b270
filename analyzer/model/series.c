/* SPDX-License-Identifier: MIT */
/* A sum of timelines; see series.h. */
#include "model/series.h"

#include <string.h>

#define FINEST_NS 1024

/* Every other point goes: those at odd multiples of the width. */
static void coarsen(struct series *series)
{
	size_t kept = 0;

	for (size_t i = 0; i < series->count; i++)
		if ((series->first + i) % 2 == 0)
			series->points[kept++] = series->points[i];
	series->first = (series->first + 1) / 2;
	series->count = kept;
	series->width *= 2;
}

static uint64_t min(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t max(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* Makes it reach from `start` to `end`, with nothing where there was nothing. */
static void reach(struct series *series, uint64_t start, uint64_t end)
{
	uint64_t first, last, before;

	for (;; coarsen(series)) {
		first = start / series->width + (start % series->width ? 1 : 0);
		last = end / series->width;
		if (series->count) {
			first = min(first, series->first);
			last = max(last, series->first + series->count - 1);
		}
		if (last < first || last - first < SERIES_POINTS)
			break;
	}
	if (last < first) /* too short for a point */
		return;
	before = series->count ? series->first - first : 0;
	memmove(series->points + before, series->points, series->count * sizeof(*series->points));
	memset(series->points, 0, before * sizeof(*series->points));
	memset(series->points + before + series->count, 0,
	       (last - first + 1 - before - series->count) * sizeof(*series->points));
	series->first = first;
	series->count = (size_t)(last - first + 1);
}

/* Adds a value to the points from `from` until before `until`. */
static void add_between(struct series *series, uint64_t from, uint64_t until,
			const struct timeline_point *value)
{
	uint64_t first = from / series->width + (from % series->width ? 1 : 0);
	uint64_t end = until / series->width + (until % series->width ? 1 : 0);

	for (uint64_t i = max(first, series->first); i < min(end, series->first + series->count);
	     i++) {
		struct series_point *point = &series->points[i - series->first];

		point->live_bytes += (uint64_t)value->live_bytes;
		point->live_blocks += (uint64_t)value->live_blocks;
		point->resident_bytes += (uint64_t)value->resident_bytes;
	}
}

void series_add(struct series *series, const struct profile *profile)
{
	const struct timeline_point *points = profile->timeline;
	uint64_t end = profile_wall_ns(profile, profile_duration_ns(profile));

	if (!profile->timeline_count)
		return;
	if (!series->width)
		series->width = FINEST_NS;
	reach(series, profile_wall_ns(profile, 0), end);
	for (size_t i = 0; i < profile->timeline_count; i++) {
		uint64_t until = i + 1 < profile->timeline_count
					 ? profile_wall_ns(profile, points[i + 1].time_ns)
					 : end + 1;

		add_between(series, profile_wall_ns(profile, points[i].time_ns), until, &points[i]);
	}
}
