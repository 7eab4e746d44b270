/* SPDX-License-Identifier: MIT */
/* Deadlines; see pace.h. */
#include "pace.h"

#include "account.h"
#include "clock.h"
#include "config.h"
#include "facts.h"
#include "snapshot.h"
#include "tables.h"
#include "timeline.h"

#define CHECK_NS          1000000u   /* the clock is read about this often */
#define CHECK_EVENTS_MAX  256u       /* ...and at least once in so many events */
#define FIRST_INTERVAL_NS 100000000u /* early snapshots come sooner, for short runs */
#define PER_INTERVAL      64u        /* snapshots at one interval before it is doubled */
#define PEAK_SPACING_NS   100000000u /* between snapshots for the peak's sake */
#define PEAK_GROWTH_MIN   (1u << 20)
#define OOM_SNAPSHOTS     8u

static struct {
	uint32_t countdown, events; /* to the next look at the clock; between two looks */
	uint64_t looked_ns;

	uint64_t interval_ns, snapshot_due_ns, snapshot_last_ns;
	uint32_t at_this_interval;
	uint64_t snapshot_peak_bytes; /* the peak when the last snapshot was taken */
	uint32_t oom_snapshots;
	uint64_t oom_last_ns;
} pace;

void pace_start(void)
{
	uint64_t first = config.interval < FIRST_INTERVAL_NS ? config.interval : FIRST_INTERVAL_NS;

	pace.countdown = pace.events = 1;
	pace.looked_ns = pace.snapshot_last_ns = 0;
	pace.interval_ns = first;
	pace.snapshot_due_ns = first;
	pace.at_this_interval = 0;
	pace.snapshot_peak_bytes = totals.peak_bytes;
	pace.oom_snapshots = 0;
	pace.oom_last_ns = 0;
}

/* So many events that about CHECK_NS pass between two looks, going by the last ones. */
static void adapt(uint64_t now)
{
	uint64_t passed = now - pace.looked_ns;

	if (passed > 2 * CHECK_NS * 4 && pace.events > 1)
		pace.events /= 2;
	else if (passed < CHECK_NS && pace.events < CHECK_EVENTS_MAX)
		pace.events *= 2;
	pace.looked_ns = now;
	pace.countdown = pace.events;
}

static bool interval_is_due(uint64_t now)
{
	return pace.interval_ns && now >= pace.snapshot_due_ns && snapshot_is_affordable(now);
}

static bool peak_is_due(uint64_t now)
{
	uint64_t peak =
		totals.live_bytes > totals.peak_bytes ? totals.live_bytes : totals.peak_bytes;
	uint64_t grown = peak - pace.snapshot_peak_bytes;

	return grown >= PEAK_GROWTH_MIN && grown >= pace.snapshot_peak_bytes / 10 &&
	       now - pace.snapshot_last_ns >= PEAK_SPACING_NS && snapshot_is_affordable(now);
}

bool pace_tick(void)
{
	uint64_t now;

	if (likely(--pace.countdown > 0))
		return false;
	now = clock_elapsed_ns();
	adapt(now);
	return now >= timeline_due_ns() || snapshot_slice_is_due(now) || interval_is_due(now) ||
	       peak_is_due(now);
}

/* After 64 snapshots, half as often: the file grows with the logarithm of time. */
static void next_interval(uint64_t now)
{
	if (pace.interval_ns < config.interval) {
		pace.interval_ns *= 2;
		if (pace.interval_ns > config.interval)
			pace.interval_ns = config.interval;
	} else if (++pace.at_this_interval == PER_INTERVAL) {
		pace.interval_ns *= 2;
		pace.at_this_interval = 0;
	}
	pace.snapshot_due_ns = now + pace.interval_ns;
}

static void add_point(uint64_t now)
{
	uint64_t resident = facts_resident_bytes();

	if (!tables_take())
		return;
	if (now >= timeline_due_ns())
		timeline_add((struct point){now, totals.live_bytes, totals.live_blocks, resident});
	tables_drop();
}

static void take_snapshot(enum heapmark_reason reason, uint64_t now)
{
	struct snapshot_request request = {.reason = reason,
					   .at_once = reason == HEAPMARK_REASON_OOM};

	pace.snapshot_last_ns = now;
	if (reason == HEAPMARK_REASON_INTERVAL)
		next_interval(now);
	snapshot_take(&request);
	pace.snapshot_peak_bytes = totals.peak_bytes;
}

void pace_act(void)
{
	uint64_t now = clock_elapsed_ns();

	if (now >= timeline_due_ns())
		add_point(now);
	if (snapshot_slice_is_due(now))
		snapshot_continue();
	else if (interval_is_due(now))
		take_snapshot(HEAPMARK_REASON_INTERVAL, now);
	else if (peak_is_due(now))
		take_snapshot(HEAPMARK_REASON_PEAK, now);
}

void pace_out_of_memory(void)
{
	uint64_t now = clock_elapsed_ns();

	if (pace.oom_snapshots >= OOM_SNAPSHOTS ||
	    (pace.oom_snapshots > 0 && now - pace.oom_last_ns < PEAK_SPACING_NS))
		return;
	pace.oom_snapshots++;
	pace.oom_last_ns = now;
	take_snapshot(HEAPMARK_REASON_OOM, now);
}
