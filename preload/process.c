/* SPDX-License-Identifier: MIT */
/* The process's life: start, forks, exec, the end; see process.h. */
#include "process.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "account.h"
#include "capture/capture.h"
#include "config.h"
#include "facts.h"
#include "live.h"
#include "lost.h"
#include "mem.h"
#include "modules.h"
#include "own.h"
#include "pace.h"
#include "peak.h"
#include "sample.h"
#include "sites.h"
#include "snapshot.h"
#include "sys.h"
#include "tables.h"
#include "thread.h"
#include "timeline.h"
#include "trace.h"
#include "track.h"
#include "world.h"

static struct {
	struct lock ending; /* taken while the end is written: nobody leaves meanwhile */
	_Atomic bool ended;
	_Atomic bool confined;    /* no system call may be made any more */
	_Atomic bool begins_late; /* a forked child, in the midst of a hook */
	bool (*pending)(struct thread *self);
} process;

static bool hold_world(void)
{
	return world_stop(thread_self);
}

/* What the thread that forks holds meanwhile, in this order. */
static const struct {
	bool (*hold)(void); /* false: gave up */
	void (*release)(void);
} parts[] = {
	{thread_hold, thread_release},   {snapshot_hold, snapshot_release},
	{tables_take, tables_drop},      {hold_world, world_go},
	{capture_hold, capture_release}, {sites_hold, sites_release},
	{live_hold, live_release},       {peak_hold, peak_release},
	{mem_hold, mem_release},
};
#define PARTS (sizeof(parts) / sizeof(parts[0]))

static _Thread_local struct {
	bool guard;
	bool parts[PARTS];
	bool alone;     /* no other thread may hold the loader's lock */
	unsigned inner; /* forks of signal handlers that interrupted one */
} held;

bool process_is_ours(void)
{
	return (uint64_t)sys_getpid() == facts.pid;
}

bool process_is_forking(void)
{
	return held.guard;
}

/* The signal handler's or a hook's own path may be on this thread's stack with tables half-changed
 * only when it is busy; then the fork goes on without us. */
static void before_fork(void)
{
	bool free = !load_relaxed(&process.confined) && (!thread_self || !thread_self->busy);

	if (held.guard) {
		held.inner++; /* what is held already is still needed */
		return;
	}
	held.alone = thread_count() <= 1;
	/* A signal that comes during the fork is delivered before all of this is given back. */
	held.guard = free && thread_self;
	if (held.guard)
		thread_guard(thread_self);
	for (size_t i = 0; i < PARTS; i++)
		held.parts[i] = free && parts[i].hold();
}

static void drop_guard(void)
{
	bool guard = held.guard;

	held.guard = false;
	if (guard)
		thread_leave_lightly(thread_self);
}

static void after_fork_in_parent(void)
{
	if (held.inner > 0) {
		held.inner--;
		return;
	}
	for (size_t i = PARTS; i-- > 0;)
		if (held.parts[i])
			parts[i].release();
	drop_guard();
}

/* The child is a process of its own: it keeps what is live, and everything else starts anew. Its
 * trace is made with its first snapshot, so a child that only executes another program leaves
 * none. */
static void begin_child(void)
{
	thread_child();
	world_child();
	lock_reset(&tables_lock);
	capture_child();
	sites_child();
	live_child();
	if (!held.alone) {
		capture_avoid_loader();
		modules_avoid_loader();
	}
	snapshot_child();
	modules_child();
	mem_child();
	lost_reset();
	own_child();
	facts_child();
	account_child();
	timeline_child();
	pace_start();
	trace_child();
	lock_reset(&process.ending);
	atomic_store(&process.ended, false);
	if (!config.follow)
		thread_record(false);
	held.alone = true;                /* whatever forks next, there is one thread so far */
	thread_set_state(THREAD_PENDING); /* signals may have come meanwhile */
	drop_guard();
}

/* A signal handler may fork while our hook is below it on the stack: the child will return into
 * that, which finishes first what it was changing. */
static void after_fork_in_child(void)
{
	bool is_inner = held.inner > 0;

	held.inner = 0;
	if (load_relaxed(&process.confined)) {
		thread_set_state(THREAD_OFF);
		thread_set_state(THREAD_ALIVE);
		return;
	}
	if (!is_inner && (!thread_self || !thread_self->busy || held.guard)) {
		begin_child();
		return;
	}
	atomic_store(&process.begins_late, true);
	thread_set_state(THREAD_ALIVE);
	thread_set_state(THREAD_PENDING);
}

static bool do_pending(struct thread *self)
{
	if (atomic_exchange(&process.begins_late, false))
		begin_child();
	return process.pending(self);
}

int __cxa_at_quick_exit(void (*function)(void *), void *library);

/*
 * A handler runs once. While it does, a second thread that calls exit() would find none, and end
 * the process in the middle of our writing. So it finds another one, which waits: there are two,
 * and each thread that runs one registers it again for the next.
 */
static bool is_first_of_thread(void)
{
	static _Thread_local bool was_here;
	bool first = !was_here;

	was_here = true;
	return first;
}

static void at_exit(int status, void *unused)
{
	(void)unused;
	if (is_first_of_thread())
		on_exit(at_exit, NULL);
	process_end(HEAPMARK_END_EXIT, status);
}

static void at_quick_exit_(void *unused)
{
	(void)unused;
	if (is_first_of_thread())
		__cxa_at_quick_exit(at_quick_exit_, NULL);
	process_end(HEAPMARK_END_QUICK_EXIT, 0);
}

/* Registered before the program's and the loader's own, these run after them: after every
 * destructor. (Exit handlers are not tied to this library, or they would run with its own.) */
static void register_ends(void)
{
	for (int i = 0; i < 2; i++) {
		on_exit(at_exit, NULL);
		__cxa_at_quick_exit(at_quick_exit_, NULL);
	}
	pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
}

/* A new thread's slot gets all that the stages need. */
static bool joined(struct thread *self)
{
	bool stopped;

	if (!capture_join(self))
		return false;
	pace_join(self);
	if (sample_mean)
		sample_join(self);
	stopped = world_stop(self);
	peak_join(&self->share, stopped);
	if (stopped)
		world_go();
	return true;
}

bool process_begin(bool (*pending)(struct thread *self))
{
	/* A fork that our handlers did not see is a raw clone system call. */
	static const struct thread_calls calls = {
		.forked = after_fork_in_child,
		.joined = joined,
		.pending = do_pending,
		.unmapped = modules_refresh,
	};

	process.pending = pending;
	register_ends();
	thread_start(&calls);
	world_start();
	sample_start();
	track_start();
	facts_open_statm();
	pace_start();
	snapshot_start();
	if (trace_open())
		thread_record(true);
	return thread_is_recording();
}

static enum heapmark_reason reason_of(enum heapmark_end how)
{
	switch (how) {
	case HEAPMARK_END_EXEC:
		return HEAPMARK_REASON_EXEC;
	case HEAPMARK_END_SIGNAL:
		return HEAPMARK_REASON_FATAL;
	default:
		return HEAPMARK_REASON_EXIT;
	}
}

/* For what is done once in a while, and may not make a system call that a confined process could
 * not: whose it is is asked last. NULL as from thread_enter(), or in a vfork child. */
static struct thread *enter_as_ours(void)
{
	return thread_is_recording() && process_is_ours() ? thread_enter() : NULL;
}

/* True: the trace has its end, by this call. */
static bool end(enum heapmark_end how, int status)
{
	struct snapshot_request request = {.reason = reason_of(how), .at_once = true, .wait = true};
	struct thread *self = enter_as_ours();
	bool first = false;

	if (!self)
		return false;
	if (lock_take(&process.ending)) {
		first = !atomic_exchange(&process.ended, true);
		if (first)
			snapshot_end(&request, how, status);
		lock_drop(&process.ending);
	}
	thread_leave(self);
	return first;
}

void process_end(enum heapmark_end how, int status)
{
	if (end(how, status))
		thread_record(false);
}

bool process_leave(enum heapmark_end how)
{
	/* A forked child on its way to another program is not worth a trace of its own. */
	if (how == HEAPMARK_END_EXEC && facts.origin == HEAPMARK_ORIGIN_FORK && !trace_is_open())
		return false;
	return end(how, 0);
}

void process_stayed(void)
{
	snapshot_take_back_end();
	atomic_store(&process.ended, false);
}

bool process_confine(void)
{
	static const struct snapshot_request before = {
		.reason = HEAPMARK_REASON_API, .label = "seccomp", .at_once = true, .wait = true};
	struct thread *self = enter_as_ours();

	if (!self)
		return false;
	snapshot_take(&before);
	store_relaxed(&process.confined, true);
	thread_record(false);
	thread_wait_for_others(self);
	thread_leave(self);
	return true;
}

void process_unconfined(void)
{
	store_relaxed(&process.confined, false);
	thread_record(true);
}
