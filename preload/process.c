/* SPDX-License-Identifier: MIT */
/* The process's life: start, forks, exec, the end; see process.h. */
#include "process.h"

#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "account.h"
#include "clock.h"
#include "config.h"
#include "fd.h"
#include "lost.h"
#include "mem.h"
#include "modules.h"
#include "own.h"
#include "pace.h"
#include "snapshot.h"
#include "text.h"
#include "thread.h"
#include "timeline.h"
#include "trace.h"
#include "track.h"

uint64_t clock_origin_ns;

static struct {
	struct process_facts facts;
	char executable[PATH_MAX], directory[PATH_MAX];
	struct held_fd statm;
	uint64_t page_bytes;
	_Atomic bool ended;
	bool held_tables, held_snapshots; /* across a fork */
} process = {.statm = {.fd = -1}};

const struct process_facts *process_facts(void)
{
	return &process.facts;
}

const char *process_executable(void)
{
	return process.executable;
}

static void read_identity(enum heapmark_origin origin)
{
	process.facts.origin = origin;
	process.facts.pid = (uint64_t)getpid();
	process.facts.parent_pid = (uint64_t)getppid();
	process.facts.start_unix_ns = clock_read_ns(CLOCK_REALTIME);
	clock_origin_ns = clock_read_ns(CLOCK_MONOTONIC);
}

static void open_statm(void)
{
	int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);

	process.statm = fd < 0 ? HELD_FD_NONE : fd_hold(fd);
}

static const char *name_of_program(char **arguments)
{
	const char *name = arguments && arguments[0] ? text_basename(arguments[0]) : "";

	if (*name == '-') /* a login shell */
		name++;
	return *name ? name : text_basename(process.executable);
}

void process_start(int argument_count, char **arguments, char **environment)
{
	ssize_t length =
		readlink("/proc/self/exe", process.executable, sizeof(process.executable) - 1);

	process.executable[length > 0 ? length : 0] = '\0';
	if (!getcwd(process.directory, sizeof(process.directory)))
		process.directory[0] = '\0';
	process.page_bytes = (uint64_t)sysconf(_SC_PAGESIZE);
	process.facts.executable = process.executable;
	process.facts.directory = process.directory;
	process.facts.arguments = argument_count > 0 ? arguments : NULL;
	process.facts.environment = environment;
	process.facts.program = name_of_program(arguments);
	read_identity(HEAPMARK_ORIGIN_START);
}

uint64_t process_resident_bytes(void)
{
	char buffer[128];
	uint64_t pages = 0;
	const char *at = buffer;
	ssize_t length;

	if (!fd_is_ours(&process.statm))
		return 0;
	length = pread(process.statm.fd, buffer, sizeof(buffer) - 1, 0);
	if (length <= 0)
		return 0;
	buffer[length] = '\0';
	if (!text_number(at, &pages, &at) || *at != ' ' || !text_number(at + 1, &pages, &at))
		return 0;
	return pages * process.page_bytes;
}

bool process_is_ours(void)
{
	return (uint64_t)getpid() == process.facts.pid;
}

/* The signal handler's or a hook's own path may be on this thread's stack with tables half-changed
 * only when it is busy; then the fork goes on without us. */
static void before_fork(void)
{
	bool busy = thread_self && thread_self->busy;

	process.held_snapshots = !busy && snapshot_hold();
	process.held_tables = !busy && lock_take(&track_lock);
}

static void after_fork_in_parent(void)
{
	if (process.held_tables)
		lock_drop(&track_lock);
	if (process.held_snapshots)
		snapshot_release();
}

/* The child is a process of its own: it keeps what is live, and everything else starts anew. Its
 * trace is made with its first snapshot, so a child that only executes another program leaves
 * none. */
static void after_fork_in_child(void)
{
	lock_reset(&track_lock);
	snapshot_child();
	modules_child();
	mem_child();
	lost_reset();
	own_child();
	fd_release(&process.statm);
	open_statm();
	read_identity(HEAPMARK_ORIGIN_FORK);
	account_child();
	timeline_child();
	pace_start();
	trace_child();
	thread_child();
	if (!config.follow)
		store_relaxed(&thread_recording, false);
}

/* A fork our handlers did not see (a raw clone system call). */
static void forked_unseen(void)
{
	after_fork_in_child();
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
	static struct thread_calls calls = {.forked = forked_unseen};

	calls.pending = pending;
	register_ends();
	thread_start(&calls);
	open_statm();
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
	struct snapshot_request request = {.reason = reason_of(how), .wait = true};
	struct thread *self = thread_enter();

	if (!self)
		return;
	if (process_is_ours() && !atomic_exchange(&process.ended, true)) {
		snapshot_end(&request, how, status);
		store_relaxed(&thread_recording, false);
	}
	thread_leave(self);
}

bool process_exec_begin(void)
{
	/* A forked child on its way to another program is not worth a trace of its own. */
	if (!load_relaxed(&thread_recording) || !process_is_ours() ||
	    (process.facts.origin == HEAPMARK_ORIGIN_FORK && !trace_is_open()))
		return false;
	process_end(HEAPMARK_END_EXEC, 0);
	return !load_relaxed(&thread_recording);
}

void process_exec_failed(void)
{
	trace_take_back_end();
	atomic_store(&process.ended, false);
	store_relaxed(&thread_recording, true);
}
