/* SPDX-License-Identifier: MIT */
/* The timeline, the snapshots, and the moments whose sites are known; see points.h. */
#include "export/points.h"

#include <stdlib.h>

#include "export/sites.h"
#include "util/buffer.h"

#define MOST_POINTS 1000 /* of the timeline, and as many of the snapshots */

struct points {
	struct point *items;
	size_t count, capacity;
};

static void add(struct points *points, uint64_t time_ns, uint64_t bytes, enum value sites)
{
	points->items =
		array_grow(points->items, points->count, &points->capacity, sizeof(*points->items));
	points->items[points->count] = (struct point){time_ns, bytes, sites, points->count};
	points->count++;
}

/* Every how many of `count` are taken. */
static size_t stride(size_t count)
{
	return count / MOST_POINTS + 1;
}

static void add_whole_process(struct points *points, const struct profile *profile)
{
	for (size_t i = 0; i < profile->timeline_count; i += stride(profile->timeline_count)) {
		const struct timeline_point *point = &profile->timeline[i];

		/* Below zero for an instant, while a block goes from one thread to another. */
		add(points, point->time_ns, point->live_bytes > 0 ? (uint64_t)point->live_bytes : 0,
		    POINT_WITHOUT_SITES);
	}
	for (size_t i = 0; i < profile->snapshot_count; i += stride(profile->snapshot_count))
		add(points, profile->snapshots[i].time_ns, profile->snapshots[i].totals.live_bytes,
		    POINT_WITHOUT_SITES);
}

static int by_time(const void *left, const void *right)
{
	const struct point *a = left, *b = right;

	if (a->time_ns != b->time_ns)
		return a->time_ns < b->time_ns ? -1 : 1;
	return (a->order > b->order) - (a->order < b->order);
}

/* Of one time the end comes last, and the peak before it. */
struct point *points_of(const struct export *export, size_t *count)
{
	const struct profile *profile = &export->side->profile;
	const struct snapshot *last = profile_last(profile);
	struct row sum = export_sum(export);
	struct points points = {NULL, 0, 0};

	if (export_is_whole(export))
		add_whole_process(&points, profile);
	add(&points, last->peak_time_ns, sum.peak_bytes, VALUE_PEAK);
	if (profile->moment.kind == MOMENT_SNAPSHOT)
		add(&points, side_time_ns(export->side), sum.bytes, VALUE_BYTES);
	add(&points, last->time_ns, sum.end_bytes, VALUE_END);
	qsort(points.items, points.count, sizeof(*points.items), by_time);
	*count = points.count;
	return points.items;
}
