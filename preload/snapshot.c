/* SPDX-License-Identifier: MIT */
/* Taking a consistent copy, and handing it to the trace bit by bit; see snapshot.h. */
#include "snapshot.h"

#include <string.h>

#include "cancel.h"
#include "capture/capture.h"
#include "clock.h"
#include "domains.h"
#include "facts.h"
#include "lost.h"
#include "mem.h"
#include "modules.h"
#include "order.h"
#include "own.h"
#include "sample.h"
#include "sites.h"
#include "tables.h"
#include "thread.h"
#include "trace.h"
#include "world.h"

#define SCRATCH_FIRST    1024 /* sites */
#define GATHER_TRIES     16
#define PREPARE_BYTES    (1u << 20) /* made ready at a time, which takes a part of a millisecond */
#define SLACK_MIN        64
#define SLACK_FRACTION   16       /* of the sites that had changed at the last look */
#define SLICE_NS         1000000u /* about how long a thread is held up at a time */
#define SLICE_REST       6        /* slices take at most about one part in so many of the time */
#define REGIONS_CHEAP_NS 1000000u
#define REGIONS_WORTH_NS 100000000u /* a run that is worth it */
#define REST             32         /* and so do snapshots that nobody asked for */

/* The lock protects all but the last three, which any thread may read: a stale or a torn view of
 * them only moves a deadline. */
static struct {
	struct lock lock; /* one snapshot at a time */
	struct picture current;
	uint32_t scratch_room; /* sites that there is room for in the picture */
	size_t touched;        /* bytes of that whose pages are there */
	uint32_t count;
	bool ended;                 /* the END record is written: nothing may follow */
	uint64_t cost_ns;           /* all of them */
	uint64_t regions_ns;        /* what looking at the address space took the last time */
	uint64_t began_ns, this_ns; /* the current one: begun, and what it cost so far */
	uint64_t prepared_ns;       /* ...and what the next one did */
	_Atomic bool pending;       /* not written as a whole yet */
	_Atomic uint64_t slice_due_ns, rested_ns;
} snapshots;

static struct cost cost_so_far(void)
{
	return (struct cost){mem_bytes(), own_totals(), snapshots.count, snapshots.cost_ns};
}

/* A private array with room for `need` items, instead of one with less. */
static void *make_room(void *old, uint32_t old_room, uint32_t room, size_t item_bytes)
{
	mem_unmap(old, old_room * item_bytes);
	return mem_map(room * item_bytes);
}

static void discard_scratch(void)
{
	const struct picture *picture = &snapshots.current;

	if (snapshots.scratch_room <= SCRATCH_FIRST)
		return;
	mem_discard(picture->sites, snapshots.scratch_room * sizeof(*picture->sites));
	if (picture->variances)
		mem_discard(picture->variances,
			    snapshots.scratch_room * sizeof(*picture->variances));
	snapshots.touched = 0;
}

/* Sites that nothing has to be made ready for. */
static uint32_t ready_sites(void)
{
	size_t room = snapshots.touched / sizeof(*snapshots.current.sites);

	return room < snapshots.scratch_room ? (uint32_t)room : snapshots.scratch_room;
}

/* The first use of a page takes the kernel's time, which is not to be spent while the world waits.
 * No more than `most` bytes now. */
static void touch_scratch(uint32_t need, size_t most)
{
	size_t want = mem_whole_pages(need * sizeof(*snapshots.current.sites));
	size_t bytes = want > snapshots.touched ? want - snapshots.touched : 0;

	if (bytes > most)
		bytes = most;
	if (bytes > 0)
		mem_populate((char *)snapshots.current.sites + snapshots.touched, bytes);
	snapshots.touched += bytes;
	if (snapshots.current.variances && bytes > 0) /* they are few, in a sample */
		mem_populate(snapshots.current.variances,
			     ready_sites() * sizeof(*snapshots.current.variances));
}

static bool make_scratch(uint32_t need)
{
	struct picture *picture = &snapshots.current;
	uint32_t old = snapshots.scratch_room, room = old ? old : SCRATCH_FIRST;

	if (need <= old)
		return true;
	while (room < need)
		room *= 2;
	snapshots.scratch_room = 0;
	snapshots.touched = 0;
	picture->sites = make_room(picture->sites, old, room, sizeof(*picture->sites));
	if (sample_mean)
		picture->variances =
			make_room(picture->variances, old, room, sizeof(*picture->variances));
	if (!picture->sites || (sample_mean && !picture->variances))
		return false;
	snapshots.scratch_room = room;
	return true;
}

void snapshot_start(void)
{
	if (!make_scratch(SCRATCH_FIRST) || !order_start())
		return; /* so they will have to do without */
}

/* While the world is stopped: nothing here may wait for a thread. */
static void gather(struct picture *snapshot)
{
	snapshot->time_ns = clock_exact_elapsed_ns();
	peak_time_passed(snapshot->time_ns);
	snapshot->totals = account_totals();
	snapshot->nodes = nodes_count();
	snapshot->domains = domain_count();
	snapshot->epoch = account_epoch();
	snapshot->threads = thread_count();
	snapshot->site_count = account_take_dirty(snapshot->sites, snapshot->variances);
}

/* Room for so many sites and for what may be added meanwhile; its pages at most partly. */
static bool make_ready(uint32_t sites, size_t most)
{
	uint32_t need = sites + sites / SLACK_FRACTION + SLACK_MIN;

	if (!make_scratch(need))
		return false;
	touch_scratch(need, most);
	return true;
}

/* Takes the copy. The scratch space is made ready while the others run, so it may then turn out to
 * be too little. */
static bool gather_stopped(struct picture *snapshot)
{
	for (int tries = 0; tries < GATHER_TRIES; tries++) {
		uint32_t need;

		if (!world_stop(thread_self))
			return false;
		need = account_dirty_count();
		if (need <= ready_sites()) {
			gather(snapshot);
			world_go();
			return true;
		}
		world_go();
		if (!make_ready(need, SIZE_MAX))
			return false;
	}
	return false;
}

static void take_timeline(struct picture *snapshot)
{
	snapshot->point_count = 0;
	if (!tables_take())
		return;
	snapshot->point_count = timeline_take(snapshot->points);
	tables_drop();
}

/* Who asked, by a signal or a mark, gets an answer. Otherwise looking at the address space must be
 * cheap beside the run: it takes the better part of a millisecond even of a small process. */
static bool regions_are_wanted(enum heapmark_reason reason, uint64_t now_ns)
{
	switch (reason) {
	case HEAPMARK_REASON_SIGNAL:
	case HEAPMARK_REASON_API:
	case HEAPMARK_REASON_OOM:
		return true;
	case HEAPMARK_REASON_EXIT:
	case HEAPMARK_REASON_EXEC:
	case HEAPMARK_REASON_FATAL:
		return now_ns > REGIONS_WORTH_NS;
	case HEAPMARK_REASON_PEAK:
		return now_ns > REGIONS_WORTH_NS && snapshots.regions_ns < REGIONS_CHEAP_NS;
	case HEAPMARK_REASON_INTERVAL:
	case HEAPMARK_REASON_START:
		break;
	}
	return false;
}

static void look_at_regions(struct regions *regions, enum heapmark_reason reason)
{
	uint64_t since = clock_exact_elapsed_ns();

	regions->known = false;
	if (!regions_are_wanted(reason, since))
		return;
	regions_read(regions);
	snapshots.regions_ns = clock_exact_elapsed_ns() - since;
}

static bool take(const struct snapshot_request *request)
{
	struct picture *snapshot = &snapshots.current;
	const char *label = request->label ? request->label : "";

	if (!gather_stopped(snapshot))
		return false;
	take_timeline(snapshot);
	modules_refresh(); /* afterwards: whatever code is on those stacks was loaded by then */
	snapshot->reason = request->reason;
	snapshot->flags = 0;
	snapshot->label = label;
	snapshot->label_bytes = strnlen(label, PICTURE_LABEL_MAX);
	snapshot->resident_bytes = facts_resident_bytes();
	look_at_regions(&snapshot->regions, request->reason);
	snapshot->cost = cost_so_far();
	snapshot->walks = capture_walks();
	return true;
}

static void lose(void)
{
	lost_add(HEAPMARK_LOSS_SNAPSHOT_UNWRITTEN, 1);
	if (!world_enter_section(thread_self))
		return;
	account_all_dirty(thread_self); /* the next one states everything anew */
	world_leave_section(thread_self);
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
	discard_scratch();
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
	snapshots.this_ns = snapshots.prepared_ns;
	snapshots.prepared_ns = 0;
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

/* After a piece of preparing that began then: the same rest as after a slice. */
static void prepared(uint64_t since_ns)
{
	uint64_t now = clock_exact_elapsed_ns(), cost = now - since_ns;

	snapshots.cost_ns += cost;
	snapshots.prepared_ns += cost;
	store_relaxed(&snapshots.rested_ns, now + (SLICE_REST - 1) * cost);
}

static bool prepare(uint32_t need)
{
	uint64_t since = clock_exact_elapsed_ns();
	bool possible = make_ready(need, PREPARE_BYTES);

	prepared(since);
	return !possible || need <= ready_sites();
}

bool snapshot_prepare(void)
{
	uint32_t need = account_dirty_count();
	bool ready;

	if (!lock_try(&snapshots.lock))
		return false;
	ready = !load_relaxed(&snapshots.pending) && (need <= ready_sites() || prepare(need));
	lock_drop(&snapshots.lock);
	return ready;
}

uint32_t snapshot_take(const struct snapshot_request *request)
{
	int cancel = cancel_hold();
	uint32_t number = 0;

	if (request->wait ? lock_take(&snapshots.lock) : lock_try(&snapshots.lock)) {
		finish_pending();
		number = snapshots.ended ? 0 : take_and_write(request);
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
		trace_write_end(how, status, &cost, capture_walks());
		snapshots.ended = true;
		lock_drop(&snapshots.lock);
	}
	cancel_restore(cancel);
}

void snapshot_take_back_end(void)
{
	int cancel = cancel_hold();

	if (lock_take(&snapshots.lock)) {
		trace_take_back_end();
		snapshots.ended = false;
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
	snapshots.ended = false;
	snapshots.cost_ns = 0;
	snapshots.prepared_ns = 0;
	store_relaxed(&snapshots.pending, false);
	store_relaxed(&snapshots.slice_due_ns, 0);
	store_relaxed(&snapshots.rested_ns, 0);
}
