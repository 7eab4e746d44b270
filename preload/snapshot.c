/* SPDX-License-Identifier: MIT */
/* Taking a consistent copy, and handing it to the trace; see snapshot.h. */
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

#define SCRATCH_FIRST 1024 /* sites */

static struct {
	struct lock lock; /* one snapshot at a time */
	struct picture current;
	struct site *scratch; /* the copies */
	uint32_t scratch_room;
	uint32_t count;
	uint64_t cost_ns;
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

static uint32_t write_all(void)
{
	if (!trace_begin(&snapshots.current))
		return 0;
	while (trace_step()) {
	}
	return trace_result();
}

static uint32_t take_and_write(const struct snapshot_request *request)
{
	uint64_t began = clock_read_ns(CLOCK_MONOTONIC);
	uint32_t number = 0;

	snapshots.count++;
	if (take(request))
		number = write_all();
	if (!number)
		lose();
	snapshots.cost_ns += clock_read_ns(CLOCK_MONOTONIC) - began;
	return number;
}

uint32_t snapshot_take(const struct snapshot_request *request)
{
	int cancel = cancel_hold();
	uint32_t number = 0;

	if (request->wait ? lock_take(&snapshots.lock) : lock_try(&snapshots.lock)) {
		number = take_and_write(request);
		lock_drop(&snapshots.lock);
	}
	cancel_restore(cancel);
	return number;
}

void snapshot_end(const struct snapshot_request *request, enum heapmark_end how, int status)
{
	int cancel = cancel_hold();
	struct cost cost;

	snapshot_take(request);
	if (lock_take(&snapshots.lock)) {
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
}
