/* SPDX-License-Identifier: MIT */
/* Taking a consistent copy, and handing it to the trace bit by bit; see snapshot.h. */
#include "snapshot.h"

#include <string.h>

#include "cancel.h"
#include "clock.h"
#include "domains.h"
#include "facts.h"
#include "lost.h"
#include "mem.h"
#include "modules.h"
#include "own.h"
#include "sites.h"
#include "tables.h"
#include "thread.h"
#include "trace.h"

#define SCRATCH_FIRST 1024     /* sites */
#define SLICE_NS      1000000u /* about how long a thread is held up at a time */
#define SLICE_REST    6        /* slices take at most about one part in so many of the time */
#define REST          32       /* and so do snapshots that nobody asked for */

/* The lock protects all but the last three, which any thread may read: a stale or a torn view of
 * them only moves a deadline. */
static struct {
	struct lock lock; /* one snapshot at a time */
	struct picture current;
	struct site *scratch; /* the copies */
	uint32_t scratch_room;
	uint32_t count;
	uint64_t cost_ns;           /* all of them */
	uint64_t began_ns, this_ns; /* the current one: begun, and what it cost so far */
	_Atomic bool pending;       /* not written as a whole yet */
	_Atomic uint64_t slice_due_ns, rested_ns;
} snapshots;

static struct cost cost_so_far(void)
{
	return (struct cost){mem_bytes(), own_totals(), snapshots.count, snapshots.cost_ns};
}

static bool make_scratch(uint32_t need)
{
	uint32_t room = snapshots.scratch_room ? snapshots.scratch_room : SCRATCH_FIRST;

	if (need <= snapshots.scratch_room)
		return true;
	while (room < need)
		room *= 2;
	mem_unmap(snapshots.scratch, snapshots.scratch_room * sizeof(struct site));
	snapshots.scratch_room = 0;
	snapshots.scratch = mem_map(room * sizeof(struct site));
	if (!snapshots.scratch)
		return false;
	snapshots.scratch_room = room;
	return true;
}

static void copy_site(const struct site *site, void *context)
{
	struct picture *snapshot = context;

	snapshot->sites[snapshot->site_count++] = *site;
}

/* With the tables lock. */
static void gather(struct picture *snapshot)
{
	account_settle_peak();
	snapshot->time_ns = clock_exact_elapsed_ns();
	account_time_passed(snapshot->time_ns);
	snapshot->totals = totals;
	snapshot->nodes = sites_node_count();
	snapshot->domains = domain_count();
	snapshot->epoch = account_epoch();
	snapshot->threads = thread_count();
	snapshot->sites = snapshots.scratch;
	snapshot->site_count = 0;
	account_take_dirty(copy_site, snapshot);
	snapshot->point_count = timeline_take(snapshot->points);
}

/* Takes the copy; the scratch space is made outside the lock, as big as seems to be needed. */
static bool gather_locked(struct picture *snapshot)
{
	for (int tries = 0; tries < 16; tries++) {
		uint32_t need = account_dirty_count() + 256;

		if (!make_scratch(need) || !tables_take())
			return false;
		if (account_dirty_count() <= snapshots.scratch_room) {
			gather(snapshot);
			tables_drop();
			return true;
		}
		tables_drop();
	}
	return false;
}

static bool take(const struct snapshot_request *request)
{
	struct picture *snapshot = &snapshots.current;
	const char *label = request->label ? request->label : "";

	if (!gather_locked(snapshot))
		return false;
	modules_refresh(); /* afterwards: whatever code is on those stacks was loaded by then */
	snapshot->reason = request->reason;
	snapshot->flags = 0;
	snapshot->label = label;
	snapshot->label_bytes = strnlen(label, PICTURE_LABEL_MAX);
	snapshot->resident_bytes = facts_resident_bytes();
	snapshot->cost = cost_so_far();
	return true;
}

static void lose(void)
{
	lost_add(HEAPMARK_LOSS_SNAPSHOT_UNWRITTEN, 1);
	if (!tables_take())
		return;
	account_all_dirty(); /* the next one states everything anew */
	tables_drop();
}

/* After a piece of work that began then: how long to let the program alone. */
static void spent(uint64_t since_ns)
{
	uint64_t now = clock_exact_elapsed_ns(), cost = now - since_ns;

	snapshots.cost_ns += cost;
	snapshots.this_ns += cost;
	store_relaxed(&snapshots.slice_due_ns, now + (SLICE_REST - 1) * cost);
	store_relaxed(&snapshots.rested_ns, snapshots.began_ns + REST * snapshots.this_ns);
}

/* Goes on with the pending one until it is written, or the time has come. */
static void write_until(uint64_t deadline_ns)
{
	bool more = load_relaxed(&snapshots.pending);

	while (more && clock_exact_elapsed_ns() < deadline_ns)
		more = trace_step();
	if (more || !load_relaxed(&snapshots.pending))
		return;
	store_relaxed(&snapshots.pending, false);
	if (!trace_result())
		lose();
}

static void finish_pending(void)
{
	uint64_t since = clock_exact_elapsed_ns();

	if (!load_relaxed(&snapshots.pending))
		return;
	write_until(UINT64_MAX);
	spent(since);
}

static uint32_t take_and_write(const struct snapshot_request *request)
{
	uint64_t since = clock_exact_elapsed_ns();
	uint32_t number = 0;

	snapshots.count++;
	snapshots.began_ns = since;
	snapshots.this_ns = 0;
	if (take(request) && trace_begin(&snapshots.current)) {
		store_relaxed(&snapshots.pending, true);
		write_until(request->at_once ? UINT64_MAX : since + SLICE_NS);
		number = load_relaxed(&snapshots.pending) ? 0 : trace_result();
	} else {
		lose();
	}
	spent(since);
	return number;
}

uint32_t snapshot_take(const struct snapshot_request *request)
{
	int cancel = cancel_hold();
	uint32_t number = 0;

	if (request->wait ? lock_take(&snapshots.lock) : lock_try(&snapshots.lock)) {
		finish_pending();
		number = take_and_write(request);
		lock_drop(&snapshots.lock);
	}
	cancel_restore(cancel);
	return number;
}

bool snapshot_slice_is_due(uint64_t now_ns)
{
	return load_relaxed(&snapshots.pending) && now_ns >= load_relaxed(&snapshots.slice_due_ns);
}

bool snapshot_is_affordable(uint64_t now_ns)
{
	return !load_relaxed(&snapshots.pending) && now_ns >= load_relaxed(&snapshots.rested_ns);
}

void snapshot_continue(void)
{
	int cancel = cancel_hold();
	uint64_t since = clock_exact_elapsed_ns();

	if (lock_try(&snapshots.lock)) {
		if (load_relaxed(&snapshots.pending)) {
			write_until(since + SLICE_NS);
			spent(since);
		}
		lock_drop(&snapshots.lock);
	}
	cancel_restore(cancel);
}

void snapshot_end(const struct snapshot_request *request, enum heapmark_end how, int status)
{
	int cancel = cancel_hold();
	struct cost cost;

	snapshot_take(request);
	if (lock_take(&snapshots.lock)) {
		finish_pending(); /* another thread's, or none */
		cost = cost_so_far();
		trace_write_end(how, status, &cost);
		lock_drop(&snapshots.lock);
	}
	cancel_restore(cancel);
}

void snapshot_take_back_end(void)
{
	int cancel = cancel_hold();

	if (lock_take(&snapshots.lock)) {
		trace_take_back_end();
		lock_drop(&snapshots.lock);
	}
	cancel_restore(cancel);
}

bool snapshot_hold(void)
{
	return lock_take(&snapshots.lock);
}

void snapshot_release(void)
{
	lock_drop(&snapshots.lock);
}

void snapshot_child(void)
{
	lock_reset(&snapshots.lock);
	snapshots.count = 0;
	snapshots.cost_ns = 0;
	store_relaxed(&snapshots.pending, false);
	store_relaxed(&snapshots.slice_due_ns, 0);
	store_relaxed(&snapshots.rested_ns, 0);
}
