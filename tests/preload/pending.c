/* SPDX-License-Identifier: MIT */
/*
 * pending TRACE HOW: has 2^15 call stacks allocate, waits until a snapshot of them is written in
 * part, and then does something that must not lose or garble it. Prints the allocations, the bytes
 * and the frees that each of its processes has made, and the bytes that it holds. See
 * test_pending.py.
 */
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "heapmark.h"
#include "target.h"

#define DEPTH      15
#define STACKS     (1 << DEPTH)
#define PIECE      32768 /* a snapshot that is under way grows the file by so much at a time */
#define PATIENCE_S 20
#define THREADS    3

static const char *trace;
static off_t trace_size;
static bool is_pending, is_watched;

/* Of one thread. */
struct work {
	void *blocks[STACKS];
	size_t sizes[STACKS];
	size_t at;
	uint64_t seed;
	uint64_t allocations, bytes, frees, live;
};
static struct work works[THREADS];

static void watch(void)
{
	struct stat now;
	off_t grown;

	if (stat(trace, &now) != 0)
		return;
	grown = now.st_size - trace_size;
	trace_size = now.st_size;
	is_pending = grown > 0 && grown % PIECE == 0; /* the last piece is of any size */
}

/* Sizes of which no two are alike, so that they take room in the trace. */
static size_t next_size(struct work *work)
{
	work->seed = work->seed * 6364136223846793005u + 1442695040888963407u;
	return 1 + (work->seed >> 33) % 3000;
}

static void replace(struct work *work)
{
	size_t at = work->at++ % STACKS;

	if (work->blocks[at])
		work->frees++;
	work->live -= work->sizes[at];
	free(work->blocks[at]);
	work->sizes[at] = next_size(work);
	work->blocks[at] = malloc(work->sizes[at]); /* the allocating line */
	work->allocations++;
	work->bytes += work->sizes[at];
	work->live += work->sizes[at];
	if (is_watched && at % 64 == 0)
		watch();
}

/* Each way down is a call stack of its own. */
static void descend(struct work *work, int depth)
{
	if (is_pending)
		return;
	if (depth == 0) {
		replace(work);
		return;
	}
	descend(work, depth - 1);
	descend(work, depth - 1);
}

static void wait_for_pending(struct work *work)
{
	time_t end = time(NULL) + PATIENCE_S;

	descend(work, DEPTH);
	is_watched = true;
	watch();
	is_pending = false;
	while (!is_pending && time(NULL) < end) {
		work->at = 0;
		descend(work, DEPTH);
	}
	if (!is_pending)
		_exit(98);
}

/* Nothing is allocated: the next events are what the caller does. */
static void tell(const struct work *work)
{
	char text[200];
	int size = snprintf(text, sizeof(text), FACT " " FACT " " FACT " " FACT "\n",
			    N(work->allocations), N(work->bytes), N(work->frees), N(work->live));

	if (write(1, text, (size_t)size) != size)
		_exit(97);
}

static int in_child(struct work *work)
{
	work->allocations = work->bytes = work->frees = 0;
	work->at = 0;
	is_pending = is_watched = false;
	descend(work, DEPTH);
	tell(work);
	return 0;
}

static void fork_one(struct work *work)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(in_child(work));
	waitpid(pid, NULL, 0);
	replace(work);
	tell(work);
}

static void close_all(void)
{
	for (int fd = 3; fd < 1024; fd++)
		close(fd);
}

static void *work_in_thread(void *argument)
{
	struct work *work = argument;

	for (int i = 0; i < 4; i++) {
		work->at = 0;
		descend(work, DEPTH);
	}
	return NULL;
}

/* Whoever comes by goes on with it; the thread that took it need not be alive. */
static void thread_all(void)
{
	pthread_t threads[THREADS];

	is_pending = is_watched = false;
	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, work_in_thread, &works[i]))
			_exit(96);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	for (int i = 1; i < THREADS; i++) {
		works[0].allocations += works[i].allocations;
		works[0].bytes += works[i].bytes;
		works[0].frees += works[i].frees;
		works[0].live += works[i].live;
	}
	tell(&works[0]);
}

/* Of the half-written snapshot nothing stays in the file; the next one makes up for it. */
static void run_full(struct work *work)
{
	struct rlimit limit, full;
	off_t half = trace_size;

	getrlimit(RLIMIT_FSIZE, &limit);
	full = limit;
	full.rlim_cur = (rlim_t)half;
	setrlimit(RLIMIT_FSIZE, &full);
	while (trace_size >= half) {
		is_pending = false;
		replace(work);
	}
	setrlimit(RLIMIT_FSIZE, &limit);
}

static int leave(const char *how, struct work *work)
{
	char *const nothing[] = {(char *)"true", NULL};

	if (!strcmp(how, "fork")) {
		fork_one(work);
		return 0;
	}
	if (!strcmp(how, "threads")) {
		thread_all();
		return 0;
	}
	if (!strcmp(how, "full"))
		run_full(work);
	tell(work);
	if (!strcmp(how, "_exit"))
		_exit(8);
	if (!strcmp(how, "api"))
		return heapmark_snapshot("asked for") > 1 ? 0 : 95;
	if (!strcmp(how, "close"))
		close_all();
	if (!strcmp(how, "exec"))
		execv("/bin/true", nothing);
	if (!strcmp(how, "no-exec"))
		execv("/nonexistent", nothing);
	if (!strcmp(how, "segv"))
		*(volatile int *)8 = 1;
	if (how[0] >= '0' && how[0] <= '9')
		raise(atoi(how));
	return 0;
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return 2;
	trace = argv[1];
	for (int i = 0; i < THREADS; i++)
		works[i].seed = (uint64_t)i;
	wait_for_pending(&works[0]);
	return leave(argv[2], &works[0]);
}
