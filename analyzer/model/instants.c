/* SPDX-License-Identifier: MIT */
/* Two sweeps along the time; see instants.h. */
#include "model/instants.h"

#include <stdlib.h>

#include "util/buffer.h"
#include "util/memory.h"

#define LATEST ((uint64_t)INT64_MAX)

/* A step of a sum. Those of one time are taken in the order of their kind. */
struct event {
	uint64_t time;
	enum { RISE, FALL, POINT } kind;
	uint32_t process;
	uint64_t bytes; /* of a POINT: what the process held just then more than what the sum has */
	bool is_peak;   /* of a POINT: the process's own */
};

struct events {
	struct event *items;
	size_t count, capacity;
};

static uint64_t add(uint64_t a, uint64_t b)
{
	return a > LATEST - (b > LATEST ? LATEST : b) ? LATEST : a + b;
}

static uint64_t above(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

void instants_add(struct instants *instants, const struct profile *profile)
{
	const struct lifetime lifetime = {
		.start = profile_wall_ns(profile, 0),
		.end = profile_wall_ns(profile, profile_duration_ns(profile)),
		.first = instants->item_count,
		.count = profile->snapshot_count,
		.is_merged = profile_is_merged(profile) && profile->merged_count > 1,
	};

	instants->lifetimes = array_grow(instants->lifetimes, instants->lifetime_count,
					 &instants->lifetime_capacity, sizeof(lifetime));
	instants->lifetimes[instants->lifetime_count++] = lifetime;
	for (size_t i = 0; i < profile->snapshot_count; i++) {
		const struct snapshot *snapshot = &profile->snapshots[i];

		instants->items = array_grow(instants->items, instants->item_count,
					     &instants->item_capacity, sizeof(struct instant));
		instants->items[instants->item_count++] = (struct instant){
			.time = profile_wall_ns(profile, snapshot->time_ns),
			.live = snapshot->totals.live_bytes,
			.kept = snapshot->kept_bytes,
			.peak_time = profile_wall_ns(profile, snapshot->peak_time_ns),
			.peak = snapshot->totals.peak_bytes,
			.peak_error = snapshot->peak_error_bytes,
		};
	}
}

void instants_release(struct instants *instants)
{
	free(instants->lifetimes);
	free(instants->items);
	*instants = (struct instants){0};
}

static void push(struct events *events, struct event event)
{
	events->items = array_grow(events->items, events->count, &events->capacity, sizeof(event));
	events->items[events->count++] = event;
}

/* Rises before falls: who ends when another begins may have been there with it. Of one process's
 * points of a time the largest, and of equal ones the peak, comes first. */
static int compare(const void *a, const void *b)
{
	const struct event *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->process != y->process)
		return x->process < y->process ? -1 : 1;
	if (x->bytes != y->bytes)
		return x->bytes > y->bytes ? -1 : 1;
	return (int)y->is_peak - (int)x->is_peak;
}

static void sort(struct events *events)
{
	if (events->count)
		qsort(events->items, events->count, sizeof(*events->items), compare);
}

static const struct instant *instants_of(const struct instants *instants, size_t number)
{
	return instants->items + instants->lifetimes[number].first;
}

/* Whether the snapshot tells of a peak that the one before did not know. */
static bool has_new_peak(const struct instant *items, size_t i)
{
	return i == 0 || items[i].peak != items[i - 1].peak ||
	       items[i].peak_time != items[i - 1].peak_time;
}

/* What process `number` surely held: steps of what is kept, and points of what is known exactly. A
 * point adds what it has beyond the step that begins or is under way then. */
static void push_sure(struct events *events, const struct instants *instants, uint32_t number)
{
	const struct lifetime *lifetime = &instants->lifetimes[number];
	const struct instant *items = instants_of(instants, number);

	for (size_t i = 0; i < lifetime->count; i++) {
		uint64_t kept = lifetime->is_merged || !i ? 0 : items[i].kept;
		uint64_t next =
			lifetime->is_merged || i + 1 == lifetime->count ? 0 : items[i + 1].kept;
		bool is_between = items[i].peak_time < items[i].time;

		if (i && items[i - 1].time < items[i].time) {
			push(events, (struct event){items[i - 1].time, RISE, number, kept, false});
			push(events, (struct event){items[i].time, FALL, number, kept, false});
		}
		if (has_new_peak(items, i))
			push(events,
			     (struct event){items[i].peak_time, POINT, number,
					    above(items[i].peak, is_between ? kept : next), true});
		if (!lifetime->is_merged)
			push(events, (struct event){items[i].time, POINT, number,
						    above(items[i].live, next), false});
	}
}

/* The largest sum of the points that follow `first`, one for each process, to that of the steps. */
static uint64_t sum_of_points(const struct events *events, size_t first, uint64_t steps)
{
	uint64_t sum = steps;

	for (size_t i = first; i < events->count; i++) {
		const struct event *event = &events->items[i];

		if (event->time != events->items[first].time)
			break;
		if (event->kind == POINT &&
		    (i == first || event[-1].kind != POINT || event[-1].process != event->process))
			sum = add(sum, event->bytes);
	}
	return sum;
}

/* The time at which most is surely held: of equal ones the last peak of a process, as the trace of
 * one process is to have its own. */
static uint64_t find_sure(struct events *events)
{
	uint64_t steps = 0, best = 0, time = 0;

	sort(events);
	for (size_t i = 0; i < events->count; i++) {
		const struct event *event = &events->items[i];
		uint64_t sum;

		if (event->kind == RISE)
			steps = add(steps, event->bytes);
		else if (event->kind == FALL)
			steps = above(steps, event->bytes);
		if (event->kind != POINT ||
		    (i && event[-1].kind == POINT && event[-1].time == event->time))
			continue;
		sum = sum_of_points(events, i, steps);
		if (sum > best || (sum == best && event->is_peak)) {
			best = sum;
			time = event->time;
		}
	}
	return time;
}

/* What process `number` can have held: never more than its peak as the next snapshot knows it. */
static void push_possible(struct events *events, const struct instants *instants, uint32_t number)
{
	const struct lifetime *lifetime = &instants->lifetimes[number];
	const struct instant *items = instants_of(instants, number);
	uint64_t since = lifetime->start, most = 0;

	for (size_t i = 0; i < lifetime->count; i++) {
		uint64_t possible = add(items[i].peak, items[i].peak_error);

		if (possible > most) {
			push(events, (struct event){since, RISE, number, possible - most, false});
			most = possible;
		}
		since = items[i].time;
	}
	push(events, (struct event){lifetime->end, FALL, number, most, false});
}

static uint64_t find_possible(struct events *events)
{
	uint64_t sum = 0, most = 0;

	sort(events);
	for (size_t i = 0; i < events->count; i++) {
		const struct event *event = &events->items[i];

		sum = event->kind == RISE ? add(sum, event->bytes) : above(sum, event->bytes);
		if (sum > most)
			most = sum;
	}
	return most;
}

void instants_find_peak(const struct instants *instants, uint64_t *time, uint64_t *possible)
{
	struct events sure = {0}, upper = {0};

	for (uint32_t i = 0; i < instants->lifetime_count; i++) {
		push_sure(&sure, instants, i);
		push_possible(&upper, instants, i);
	}
	*time = find_sure(&sure);
	*possible = find_possible(&upper);
	free(sure.items);
	free(upper.items);
}

/* A point of exactly this time; of several the largest, as above. */
static bool find_point(const struct instant *items, const struct lifetime *lifetime, uint64_t time,
		       struct moment *moment)
{
	uint64_t most = 0;
	bool found = false;

	for (size_t i = 0; i < lifetime->count; i++) {
		if (items[i].time == time && !lifetime->is_merged &&
		    (!found || items[i].live > most)) {
			*moment = (struct moment){MOMENT_SNAPSHOT, i};
			most = items[i].live;
			found = true;
		}
		if (items[i].peak_time == time && has_new_peak(items, i) &&
		    (!found || items[i].peak >= most)) {
			*moment = (struct moment){MOMENT_PEAK_BY, i};
			most = items[i].peak;
			found = true;
		}
	}
	return found;
}

bool instants_moment(const struct instants *instants, size_t number, uint64_t time,
		     struct moment *moment)
{
	const struct lifetime *lifetime = &instants->lifetimes[number];
	const struct instant *items = instants_of(instants, number);

	if (find_point(items, lifetime, time, moment))
		return true;
	if (lifetime->is_merged)
		return false;
	for (size_t i = 1; i < lifetime->count; i++) {
		if (items[i - 1].time < time && time < items[i].time) {
			*moment = (struct moment){MOMENT_KEPT, i};
			return true;
		}
	}
	return false;
}
