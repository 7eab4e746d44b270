/* SPDX-License-Identifier: MIT */
/* Deadlines; see pace.h. */
#include "pace.h"

#include <errno.h>

#include "account.h"
#include "clock.h"
#include "config.h"
#include "facts.h"
#include "lock.h"
#include "snapshot.h"
#include "tables.h"
#include "timeline.h"

#define CHECK_NS          1000000u   /* the clock is read about this often */
#define CHECK_EVENTS_MAX  512u       /* ...and at least once in so many events */
#define FIRST_INTERVAL_NS 100000000u /* early snapshots come sooner, for short runs */
#define PER_INTERVAL      64u        /* snapshots at one interval before it is doubled */
#define PEAK_SPACING_NS   100000000u /* between snapshots for the peak's sake */
#define PEAK_GROWTH_MIN   (1u << 20)
#define OOM_SNAPSHOTS     8u
#define PATIENCE_NS       200000000u /* until one is taken that is not prepared */

static struct {
	struct lock lock; /* tried, never waited for */
	uint64_t interval_ns, snapshot_due_ns, snapshot_last_ns;
	uint32_t at_this_interval;
	uint64_t snapshot_peak_bytes; /* the peak when the last snapshot was taken */
	uint32_t oom_snapshots;
	uint64_t oom_last_ns;
	uint64_t preparing_ns; /* since when, the one that is due; 0: none */
} pace;

void pace_start(void)
{
	uint64_t first = config.interval < FIRST_INTERVAL_NS ? config.interval : FIRST_INTERVAL_NS;

	lock_reset(&pace.lock);
	pace.snapshot_last_ns = 0;
	pace.interval_ns = first;
	pace.snapshot_due_ns = first;
	pace.at_this_interval = 0;
	pace.snapshot_peak_bytes = peak_read().bytes;
	pace.oom_snapshots = 0;
	pace.oom_last_ns = 0;
	pace.preparing_ns = 0;
}

void pace_join(struct thread *self)
{
	self->until_look = self->look_events = 1;
	self->looked_ns = 0;
}

/* So many events that about CHECK_NS pass between two looks, going by the last ones. */
static void adapt(struct thread *self, uint64_t now)
{
	uint64_t passed = now - self->looked_ns;

	if (passed > 2 * CHECK_NS * 4 && self->look_events > 1)
		self->look_events /= 2;
	else if (passed < CHECK_NS && self->look_events < CHECK_EVENTS_MAX)
		self->look_events *= 2;
	self->looked_ns = now;
	self->until_look = self->look_events;
	self->share.credit = PEAK_CREDIT;
}

static bool interval_is_due(uint64_t now)
{
	return pace.interval_ns && now >= pace.snapshot_due_ns && snapshot_is_affordable(now);
}

static bool peak_is_due(uint64_t now)
{
	uint64_t grown;

	if (now - pace.snapshot_last_ns < PEAK_SPACING_NS || !snapshot_is_affordable(now))
		return false;
	grown = peak_read().bytes - pace.snapshot_peak_bytes;
	return grown >= PEAK_GROWTH_MIN && grown >= pace.snapshot_peak_bytes / 10;
}

bool pace_look(struct thread *self)
{
	uint64_t now = clock_elapsed_ns();
	bool due;

	adapt(self, now);
	if (!lock_try(&pace.lock))
		return false; /* another thread sees to it */
	due = now >= timeline_due_ns() || snapshot_slice_is_due(now) || interval_is_due(now) ||
	      peak_is_due(now);
	lock_drop(&pace.lock);
	return due;
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
	struct point point = {now, peak_read().now_bytes, account_live_blocks(),
			      facts_resident_bytes()};

	if (!tables_take())
		return;
	if (now >= timeline_due_ns())
		timeline_add(point);
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
	pace.snapshot_peak_bytes = peak_read().bytes;
}

/* A large one that nobody waits for is taken when there is memory ready for it, for which this is
 * called again. Where looks are far apart it is taken as it is. */
static void take_when_ready(enum heapmark_reason reason, uint64_t now)
{
	if (!pace.preparing_ns)
		pace.preparing_ns = now;
	if (!snapshot_prepare() && now - pace.preparing_ns < PATIENCE_NS)
		return;
	pace.preparing_ns = 0;
	take_snapshot(reason, now);
}

static void act(void)
{
	uint64_t now = clock_elapsed_ns();

	if (now >= timeline_due_ns())
		add_point(now);
	if (snapshot_slice_is_due(now))
		snapshot_continue();
	else if (interval_is_due(now))
		take_when_ready(HEAPMARK_REASON_INTERVAL, now);
	else if (peak_is_due(now))
		take_when_ready(HEAPMARK_REASON_PEAK, now);
}

void pace_act(void)
{
	int saved_errno = errno;

	if (lock_try(&pace.lock)) {
		act();
		lock_drop(&pace.lock);
	}
	errno = saved_errno;
}

static void out_of_memory(void)
{
	uint64_t now = clock_elapsed_ns();

	if (pace.oom_snapshots >= OOM_SNAPSHOTS ||
	    (pace.oom_snapshots > 0 && now - pace.oom_last_ns < PEAK_SPACING_NS))
		return;
	pace.oom_snapshots++;
	pace.oom_last_ns = now;
	take_snapshot(HEAPMARK_REASON_OOM, now);
}

void pace_out_of_memory(void)
{
	int saved_errno = errno;

	if (lock_try(&pace.lock)) {
		out_of_memory();
		lock_drop(&pace.lock);
	}
	errno = saved_errno;
}
