/* SPDX-License-Identifier: MIT */
/*
 * random FACTS SEED THREADS CALLS INSIDE: by a seed, THREADS threads make CALLS random heap calls
 * each, in waves: threads end and others go on with their blocks. Blocks change hands over a shelf.
 * Between waves, when there is but one thread, what heapmark says to the program is compared with
 * its books, and a snapshot gets a name; and there and amid the waves the process forks, and its
 * child goes on. Each process writes its facts to FACTS.PID.
 *
 * With one thread everything is made by the main thread, and even the peak is known.
 */
#include <pthread.h>
#include <sys/wait.h>

#include "heapmark.h"
#include "random.h"

#define STACK_BYTES 262144
#define CHILD_CALLS 300
#define ASK_EVERY   16
#define FORKS_MAX   3

struct plan plan;

static struct worker workers[WORKERS_MAX];
static struct worker mains; /* what it chooses; it has no blocks */
static const char *facts_path;
static int64_t libc_bytes; /* live besides what our books say: what threads need */
static struct books heap, maps;
static pthread_barrier_t start;
static struct {
	const struct worker *worker; /* forks amid a wave */
	int at;
} amid;

void fail(const char *what)
{
	facts_print(2, "%s\nto repeat: random FACTS %llu %d %d %d\n", what, N(plan.seed),
		    plan.threads, plan.calls, plan.inside);
	_exit(3);
}

/* With one thread, at any time: the current bytes are ours and libc's. */
static void ask(const struct books *books)
{
	uint64_t current, most;

	if (!heapmark_traced(&current, &most))
		return;
	if ((int64_t)current != books->bytes + libc_bytes)
		fail("heapmark_traced() says something else than the books");
	if (peak.known && (int64_t)most != peak.window)
		fail("heapmark_traced() knows another peak");
}

/* Sometimes the window begins anew. */
static void ask_now_and_then(struct worker *w, int call)
{
	if (call % ASK_EVERY)
		return;
	ask(&w->heap);
	if (choose(w, 8) == 0) {
		heapmark_reset_peak();
		peak.window = w->heap.bytes;
	}
}

static void begin_anew(struct books *books)
{
	books->allocations = books->allocated_bytes = books->frees = books->reallocations = 0;
	for (int i = 0; i < BOOKS_PLACES; i++)
		books->places[i].allocations = books->places[i].allocated_bytes = 0;
}

static void save(bool is_amid, int count, const struct worker *first)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s.%d", facts_path, (int)getpid());
	facts_save(path, first, count, libc_bytes, is_amid);
}

/* A child inherits what is live; its counters begin at 0. */
static void live_as_child(struct worker *first, int count, bool is_amid)
{
	facts_no_moments();
	for (int i = 0; i < count; i++) {
		begin_anew(&first[i].heap);
		begin_anew(&first[i].maps);
		first[i].alone = true;
	}
	if (plan.threads == 1)
		peak_begin(first);
	if (is_amid)
		shelf_close();
	for (int i = 0; i < count; i++)
		for (int call = 0; call < CHILD_CALLS; call++)
			deed(&first[i]);
	facts_sum(&heap, &maps, first, count);
	if (!is_amid)
		ask(&heap);
	save(is_amid, count, first);
	exit(0);
}

static void fork_one(struct worker *first, int count, bool is_amid)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		fail("fork() failed");
	if (pid == 0)
		live_as_child(first, count, is_amid);
	if (waitpid(pid, &status, 0) != pid || status)
		fail("a child did not end well");
}

static void *work(void *argument)
{
	struct worker *w = argument;

	if (!w->alone)
		pthread_barrier_wait(&start);
	for (int call = 0; call < plan.calls; call++) {
		if (w->alone)
			ask_now_and_then(w, call);
		if (w == amid.worker && call == amid.at)
			fork_one(w, 1, true);
		if (choose(w, 1000) == 0)
			heapmark_snapshot(NULL);
		deed(w);
	}
	return NULL;
}

static void run_threads(void)
{
	pthread_t threads[WORKERS_MAX];
	pthread_attr_t small;

	/* Small enough that libc keeps them all for the next wave. */
	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, STACK_BYTES);
	pthread_barrier_init(&start, NULL, (unsigned)plan.threads);
	amid.worker = choose(&mains, 2) ? NULL : &workers[choose(&mains, (uint64_t)plan.threads)];
	amid.at = (int)choose(&mains, (uint64_t)plan.calls);
	for (int i = 0; i < plan.threads; i++)
		if (pthread_create(&threads[i], &small, work, &workers[i])) /* libc's */
			fail("pthread_create() failed");
	for (int i = 0; i < plan.threads; i++)
		pthread_join(threads[i], NULL);
}

/* Between waves: nobody else is there. */
static void be_quiet(int wave)
{
	uint64_t current;
	char label[16];

	facts_sum(&heap, &maps, workers, plan.threads);
	if (wave == 0 && plan.threads > 1 && heapmark_traced(&current, NULL))
		libc_bytes = (int64_t)current - heap.bytes;
	ask(&heap);
	snprintf(label, sizeof(label), "wave %d", wave);
	if (heapmark_is_recording() && !heapmark_snapshot(label))
		fail("no snapshot was taken");
	facts_moment(label, &heap);
	if (wave < FORKS_MAX && choose(&mains, 2))
		fork_one(workers, plan.threads, false);
}

/* The threads have gone; the main thread goes on with what they left. */
static void go_on_alone(void)
{
	for (int i = 0; i < plan.threads; i++)
		for (int call = 0; call < SLOTS / 2; call++)
			deed(&workers[i]);
}

int main(int argc, char **argv)
{
	uint64_t sum = 0;
	int waves;

	if (argc != 6)
		return 2;
	facts_path = argv[1];
	plan = (struct plan){strtoull(argv[2], NULL, 10), atoi(argv[3]), atoi(argv[4]),
			     atoi(argv[5]) != 0};
	if (plan.threads < 1 || plan.threads > WORKERS_MAX || plan.calls < 1)
		return 2;
	mains.random = plan.seed;
	waves = 2 + (int)choose(&mains, 3);
	for (int i = 0; i < plan.threads; i++) {
		workers[i].random = plan.seed * 1000 + (uint64_t)i;
		workers[i].alone = plan.threads == 1;
	}
	if (plan.threads == 1)
		peak_begin(&workers[0]);
	for (int wave = 0; wave < waves; wave++) {
		if (plan.threads == 1)
			work(&workers[0]);
		else
			run_threads();
		be_quiet(wave);
	}
	go_on_alone();
	if (plan.threads == 1)
		sum = workers[0].sum; /* with more, a matter of who came first */
	facts_print(1, "%d waves, %llx\n", waves, N(sum));
	save(false, plan.threads, workers);
	return 0;
}
