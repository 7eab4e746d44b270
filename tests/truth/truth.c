/* SPDX-License-Identifier: MIT */
/*
 * libtruth.so: counts what a program asks of its heap, independently of heapmark.
 *
 *   TRUTH_OUT=/tmp/truth.json LD_PRELOAD=libtruth.so program                       alone
 *   TRUTH_OUT=... HEAPMARK=... LD_PRELOAD="libtruth.so libheapmark.so" program     the same run
 *
 * Every process image appends one line of JSON to TRUTH_OUT when it ends. In the second form, truth
 * stands before heapmark and passes every call on to it, so both count the same events even where
 * threads make no two runs alike. What heapmark asks of the heap while it starts comes apart, as
 * "start" in the output; what it asks for later (when libunwind sets itself up) is in its own COST
 * record, and whoever compares has to take it off.
 *
 * Counting rules: include/heapmark/FORMAT.md, section 2.5.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ledger.h"

#define TRUTH_EXPORT __attribute__((visibility("default")))

int __cxa_atexit(void (*)(void *), void *, void *);

static struct {
	void *(*malloc)(size_t);
	void *(*calloc)(size_t, size_t);
	void *(*realloc)(void *, size_t);
	void (*free)(void *);
	void *(*memalign)(size_t, size_t);
	void *(*aligned_alloc)(size_t, size_t);
	int (*posix_memalign)(void **, size_t, size_t);
	void *(*valloc)(size_t);
	void *(*pvalloc)(size_t);
	void (*exit_now)(int);
	int (*execve)(const char *, char *const[], char *const[]);
} real;

static char out_path[4096];
static pid_t owner; /* the process whose sums these are: not that of a vfork child */

/* Served while dlsym() itself allocates, and never given back. */
static char boot_pool[16384] __attribute__((aligned(16)));
static size_t boot_used;

static bool in_boot_pool(const void *block)
{
	return (const char *)block >= boot_pool && (const char *)block < boot_pool + boot_used;
}

static void *boot_alloc(size_t size)
{
	size_t at = boot_used;

	size = (size + 15) & ~(size_t)15;
	if (size > sizeof(boot_pool) - at)
		return NULL;
	boot_used += size;
	return boot_pool + at;
}

static void *next(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

/* False while it is under way: dlsym() is asking for memory itself. */
static bool ready(void)
{
	static enum { NO, UNDER_WAY, YES } state;

	if (__builtin_expect(state == YES, 1))
		return true;
	if (state == UNDER_WAY)
		return false;
	state = UNDER_WAY;
	real.malloc = next("malloc");
	real.calloc = next("calloc");
	real.realloc = next("realloc");
	real.free = next("free");
	real.memalign = next("memalign");
	real.aligned_alloc = next("aligned_alloc");
	real.posix_memalign = next("posix_memalign");
	real.valloc = next("valloc");
	real.pvalloc = next("pvalloc");
	real.exit_now = next("_exit");
	real.execve = next("execve");
	state = YES;
	return true;
}

/* Before the C library is initialized, only heapmark's constructor runs. (A program may clear its
 * environment later: redis does, to make room for its title.) */
static enum party caller(void)
{
	static bool initialized;

	initialized = initialized || environ;
	return initialized ? PARTY_PROGRAM : PARTY_HEAPMARK;
}

static void *observed(void *block, size_t size)
{
	int saved = errno;

	if (block)
		ledger_allocated(caller(), block, size);
	errno = saved;
	return block;
}

/* The end of a process */

static void report(const char *how)
{
	char line[2048];
	struct sums program = ledger_sums(PARTY_PROGRAM), own = ledger_sums(PARTY_HEAPMARK);
	int fd, size;

	if (!out_path[0] || getpid() != owner)
		return;
#define SUMS_FORMAT \
	"{\"allocations\":%lu,\"allocated_bytes\":%lu,\"frees\":%lu,\"reallocations\":%lu," \
	"\"live_blocks\":%lu,\"live_bytes\":%lu,\"peak_blocks\":%lu,\"peak_bytes\":%lu," \
	"\"unknown_frees\":%lu}"
#define SUMS(s) \
	(s).allocations, (s).allocated_bytes, (s).frees, (s).reallocations, (s).live_blocks, \
		(s).live_bytes, (s).peak_blocks, (s).peak_bytes, (s).unknown_frees
	size = snprintf(line, sizeof(line),
			"{\"pid\":%d,\"program\":\"%s\",\"how\":\"%s\",\"totals\":" SUMS_FORMAT
			",\"start\":" SUMS_FORMAT "}\n",
			getpid(), program_invocation_short_name, how, SUMS(program), SUMS(own));
	fd = open(out_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (fd < 0 || write(fd, line, (size_t)size) != size)
		_exit(98);
	close(fd);
}

static void report_at_exit(void *unused)
{
	(void)unused;
	report("exit");
}

static void report_at_quick_exit(void)
{
	report("quick_exit");
}

static void report_at_signal(int number)
{
	report("signal");
	signal(number, SIG_DFL);
	raise(number);
}

static void forked(void)
{
	owner = getpid();
	ledger_unlock_in_child();
}

/* SIGINT is left alone: an interpreter takes it over only if it finds it at its default. */
static void watch_signals(void)
{
	static const int fatal[] = {SIGTERM, SIGHUP, SIGABRT, SIGSEGV};

	for (size_t i = 0; i < sizeof(fatal) / sizeof(fatal[0]); i++) {
		struct sigaction action;

		if (sigaction(fatal[i], NULL, &action) == 0 && action.sa_handler == SIG_DFL)
			signal(fatal[i], report_at_signal);
	}
}

/* Registered before main, and with no owner: runs after every destructor of every library. */
__attribute__((constructor)) static void start(void)
{
	const char *path = getenv("TRUTH_OUT");

	ready();
	owner = getpid();
	if (path && strlen(path) < sizeof(out_path))
		strcpy(out_path, path);
	__cxa_atexit(report_at_exit, NULL, NULL);
	at_quick_exit(report_at_quick_exit);
	pthread_atfork(ledger_lock, ledger_unlock, forked);
	watch_signals();
}

/* The interposed functions */

TRUTH_EXPORT void *malloc(size_t size)
{
	return ready() ? observed(real.malloc(size), size) : boot_alloc(size);
}

TRUTH_EXPORT void *calloc(size_t count, size_t size)
{
	return ready() ? observed(real.calloc(count, size), count * size)
		       : boot_alloc(count * size);
}

TRUTH_EXPORT void free(void *block)
{
	if (!block || in_boot_pool(block) || !ready())
		return;
	int saved = errno;
	ledger_freed(ledger_take(block));
	errno = saved;
	real.free(block);
}

TRUTH_EXPORT void *realloc(void *block, size_t size)
{
	if (!block)
		return malloc(size);
	if (in_boot_pool(block) || !ready())
		return NULL; /* dlsym() does not do that */

	struct held held = ledger_take(block);
	void *moved = real.realloc(block, size);
	int saved = errno;
	if (moved)
		ledger_reallocated(caller(), held, moved, size);
	else if (size == 0)
		ledger_freed(held);
	else
		ledger_put_back(held, block);
	errno = saved;
	return moved;
}

/* glibc's own calls the realloc above, which would count it twice. */
TRUTH_EXPORT void *reallocarray(void *block, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	return realloc(block, bytes);
}

TRUTH_EXPORT void *memalign(size_t alignment, size_t size)
{
	return ready() ? observed(real.memalign(alignment, size), size) : NULL;
}

TRUTH_EXPORT void *aligned_alloc(size_t alignment, size_t size)
{
	return ready() ? observed(real.aligned_alloc(alignment, size), size) : NULL;
}

TRUTH_EXPORT int posix_memalign(void **block, size_t alignment, size_t size)
{
	int ret = ready() ? real.posix_memalign(block, alignment, size) : ENOMEM;

	if (ret == 0)
		observed(*block, size);
	return ret;
}

TRUTH_EXPORT void *valloc(size_t size)
{
	return ready() ? observed(real.valloc(size), size) : NULL;
}

TRUTH_EXPORT void *pvalloc(size_t size)
{
	return ready() ? observed(real.pvalloc(size), size) : NULL;
}

TRUTH_EXPORT void _exit(int status)
{
	report("_exit");
	ready();
	real.exit_now(status);
	__builtin_unreachable();
}

TRUTH_EXPORT void _Exit(int status)
{
	_exit(status);
}

TRUTH_EXPORT int execve(const char *path, char *const argv[], char *const envp[])
{
	ready();
	report("exec"); /* if it fails, a later line holds the final sums */
	return real.execve(path, argv, envp);
}
