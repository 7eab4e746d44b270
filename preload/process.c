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
#include "lost.h"
#include "mem.h"
#include "modules.h"
#include "own.h"
#include "pace.h"
#include "snapshot.h"
#include "tables.h"
#include "thread.h"
#include "timeline.h"
#include "trace.h"

static struct {
	_Atomic bool ended;
} process;

/* What the thread that forks holds meanwhile. */
static _Thread_local struct {
	bool memory, tables, snapshots;
	bool alone; /* no other thread may hold the loader's lock */
} held;

bool process_is_ours(void)
{
	return (uint64_t)getpid() == facts.pid;
}

/* The signal handler's or a hook's own path may be on this thread's stack with tables half-changed
 * only when it is busy; then the fork goes on without us. */
static void before_fork(void)
{
	bool busy = thread_self && thread_self->busy;

	held.alone = thread_count() <= 1;
	held.snapshots = !busy && snapshot_hold();
	held.tables = !busy && tables_take();
	held.memory = !busy && mem_hold();
}

static void after_fork_in_parent(void)
{
	if (held.memory)
		mem_release();
	if (held.tables)
		tables_drop();
	if (held.snapshots)
		snapshot_release();
}

/* The child is a process of its own: it keeps what is live, and everything else starts anew. Its
 * trace is made with its first snapshot, so a child that only executes another program leaves
 * none. */
static void after_fork_in_child(void)
{
	lock_reset(&tables_lock);
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
	thread_child();
	atomic_store(&process.ended, false);
	if (!config.follow)
		store_relaxed(&thread_recording, false);
}

static void at_exit(int status, void *unused)
{
	(void)unused;
	process_end(HEAPMARK_END_EXIT, status);
}

static void at_quick_exit_(void *unused)
{
	(void)unused;
	process_end(HEAPMARK_END_QUICK_EXIT, 0);
}

int __cxa_at_quick_exit(void (*function)(void *), void *library);

/* Registered before the program's and the loader's own, these run after them: after every
 * destructor. (Exit handlers are not tied to this library, or they would run with its own.) */
static void register_ends(void)
{
	on_exit(at_exit, NULL);
	__cxa_at_quick_exit(at_quick_exit_, NULL);
	pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
}

void process_begin(void (*pending)(struct thread *self))
{
	/* A fork that our handlers did not see is a raw clone system call. */
	static struct thread_calls calls = {.forked = after_fork_in_child};

	calls.pending = pending;
	register_ends();
	thread_start(&calls);
	facts_open_statm();
	pace_start();
	if (trace_open())
		store_release(&thread_recording, true); /* pairs with thread_enter(): a lone flag */
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

void process_end(enum heapmark_end how, int status)
{
	struct snapshot_request request = {.reason = reason_of(how), .at_once = true, .wait = true};
	struct thread *self = process_is_ours() ? thread_enter() : NULL;

	if (!self)
		return;
	if (!atomic_exchange(&process.ended, true)) {
		snapshot_end(&request, how, status);
		store_relaxed(&thread_recording, false);
	}
	thread_leave(self);
}

bool process_exec_begin(void)
{
	/* A forked child on its way to another program is not worth a trace of its own. */
	if (!load_relaxed(&thread_recording) || !process_is_ours() ||
	    (facts.origin == HEAPMARK_ORIGIN_FORK && !trace_is_open()))
		return false;
	process_end(HEAPMARK_END_EXEC, 0);
	return !load_relaxed(&thread_recording);
}

void process_exec_failed(void)
{
	snapshot_take_back_end();
	atomic_store(&process.ended, false);
	store_relaxed(&thread_recording, true);
}
