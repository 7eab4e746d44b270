/* SPDX-License-Identifier: MIT */
/* The points since the last snapshot; see timeline.h. */
#include "timeline.h"

#include <string.h>

#include "atomic.h"

#define FIRST_STEP_NS   10000000u
#define POINTS_PER_STEP 1024 /* taken at one distance before it is doubled */

static struct {
	struct point points[TIMELINE_ROOM];
	uint32_t count;
	uint32_t at_this_step;
	uint64_t step_ns;
	_Atomic uint64_t due_ns;
} line = {.step_ns = FIRST_STEP_NS};

uint64_t timeline_due_ns(void)
{
	return load_relaxed(&line.due_ns);
}

static void widen(void)
{
	line.step_ns *= 2;
	line.at_this_step = 0;
}

static void drop_every_other(void)
{
	for (uint32_t i = 0; i < TIMELINE_ROOM / 2; i++)
		line.points[i] = line.points[2 * i + 1];
	line.count = TIMELINE_ROOM / 2;
	widen();
}

void timeline_add(struct point point)
{
	if (line.count == TIMELINE_ROOM)
		drop_every_other();
	line.points[line.count++] = point;
	if (++line.at_this_step == POINTS_PER_STEP)
		widen();
	store_relaxed(&line.due_ns, point.time_ns + line.step_ns);
}

uint32_t timeline_take(struct point *to)
{
	uint32_t count = line.count;

	memcpy(to, line.points, count * sizeof(*to));
	line.count = 0;
	return count;
}

void timeline_child(void)
{
	line.count = line.at_this_step = 0;
	line.step_ns = FIRST_STEP_NS;
	store_relaxed(&line.due_ns, 0);
}
