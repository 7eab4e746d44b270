/* SPDX-License-Identifier: MIT */
/*
 * The peak by shares, held against its own model: a sequential simulation of some shares, beside an
 * oracle that adds every event up. Each runs in a process of its own, as a peak does not start anew
 * in one.
 */
#include "peak.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

#define SHARES_MAX 16

#define ALLOW_LEAST    (4 << 10)
#define ALLOW_MOST     (64 << 10)
#define ALLOW_FRACTION 1024

static struct {
	struct share shares[SHARES_MAX];
	uint32_t epochs[SHARES_MAX]; /* of each share's last event */
	int64_t live[SHARES_MAX];
	unsigned count, fewest; /* that peaks have been shared by */

	int64_t total, truth; /* the oracle's */
	int64_t highest;      /* truth, of the parent too */
	int64_t declared;     /* the total when the epoch last moved */
	uint32_t epoch;

	bool is_unaware;                 /* the first share still holds what it had alone */
	int64_t missed, too_high, worst; /* of the last and of all looks */
	double sum_of_shares;
	uint64_t looks;
} sim;

#define REQUIRE(condition) \
	do { \
		if (!(condition)) { \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
			exit(1); \
		} \
	} while (0)

/* An epoch belongs to the total of that moment, as the cells keep theirs of that moment. */
static void note_epoch(void)
{
	uint32_t now = load_relaxed(&peak_epoch);

	if (now != sim.epoch)
		sim.declared = sim.total;
	sim.epoch = now;
}

static void change_total(unsigned which, int64_t by)
{
	sim.total += by;
	sim.live[which] += by;
	if (sim.total > sim.truth)
		sim.truth = sim.total;
	if (sim.total > sim.highest)
		sim.highest = sim.total;
}

/* As account_alloc() does. */
static void rise(unsigned which, uint64_t bytes)
{
	sim.epochs[which] = load_relaxed(&peak_epoch);
	change_total(which, (int64_t)bytes);
	peak_rise(&sim.shares[which], bytes);
	note_epoch();
}

/* As account_free() does. */
static void fall(unsigned which, uint64_t bytes)
{
	if (sim.epochs[which] != load_relaxed(&peak_epoch))
		peak_others_rose(&sim.shares[which]);
	peak_before_fall(&sim.shares[which]);
	note_epoch();
	sim.epochs[which] = load_relaxed(&peak_epoch);
	change_total(which, -(int64_t)bytes);
	peak_fall(&sim.shares[which], bytes);
	note_epoch();
}

/* What peak.h calls a few times allow per thread: so far can marks be above drifts. */
static int64_t most_error(void)
{
	int64_t allow = sim.highest / ALLOW_FRACTION / sim.fewest;

	if (sim.count == 1)
		return 0;
	allow = allow < ALLOW_LEAST ? ALLOW_LEAST : allow > ALLOW_MOST ? ALLOW_MOST : allow;
	return sim.count * (2 * allow + allow / 16);
}

static void look(void)
{
	int64_t declared = sim.declared;
	uint32_t epoch = sim.epoch;
	struct peak peak = peak_read();

	note_epoch();
	REQUIRE((int64_t)peak.now_bytes == sim.total);
	REQUIRE((int64_t)peak.bytes == sim.declared);
	REQUIRE((sim.epoch != epoch) == ((int64_t)peak.bytes > declared));
	REQUIRE((int64_t)peak.bytes <= sim.truth);
	REQUIRE((int64_t)peak.upper_bytes >= sim.truth);
	sim.missed = sim.truth - (int64_t)peak.bytes;
	sim.too_high = (int64_t)peak.upper_bytes - sim.truth;
	if (sim.missed + sim.too_high > sim.worst)
		sim.worst = sim.missed + sim.too_high;
	REQUIRE(sim.missed + sim.too_high <= most_error() || sim.is_unaware);
	sim.sum_of_shares += (double)(sim.missed + sim.too_high) / (double)(peak.bytes + 1);
	sim.looks++;
}

static void join_if(unsigned count, bool stopped)
{
	sim.fewest = sim.total == 0 ? count : sim.count < 2 ? 2 : sim.fewest;
	while (sim.count < count) {
		peak_join(&sim.shares[sim.count++], stopped);
		note_epoch();
	}
}

static void join(unsigned count)
{
	join_if(count, true);
}

static uint64_t some_size(uint64_t *seed)
{
	switch (test_below(seed, 8)) {
	case 0:
		return test_below(seed, 1 << 20);
	case 1:
		return 0;
	case 2:
		return test_below(seed, 16 << 10);
	default:
		return 16 + test_below(seed, 500);
	}
}

/* Not below 0 over all; a share alone may well be, as threads free others' blocks. */
static void some_fall(unsigned which, uint64_t bytes)
{
	fall(which, (int64_t)bytes <= sim.total ? bytes : (uint64_t)sim.total);
}

/* Threads do something else from time to time: mostly rise, mostly fall, pairs, or nothing. */
static void random_events(uint64_t *seed, unsigned events)
{
	static unsigned moods[SHARES_MAX];

	for (unsigned i = 0; i < events; i++) {
		unsigned which = (unsigned)test_below(seed, sim.count);
		uint64_t bytes = some_size(seed);

		if (test_below(seed, 300) == 0)
			moods[which] = (unsigned)test_below(seed, 4);
		if (test_below(seed, 2000) == 0)
			sim.shares[which].credit = PEAK_CREDIT; /* as pace.c does */
		if (moods[which] == 3)
			continue;
		if (moods[which] == 2) {
			rise(which, bytes);
			some_fall(which, bytes);
		} else if (test_below(seed, 10) < 3 + 3 * moods[which]) {
			rise(which, bytes);
		} else {
			some_fall(which, bytes);
		}
		if (test_below(seed, 200) == 0)
			look();
	}
	look();
}

static void report(const char *what)
{
	printf("%2u share(s), %s: worst %lld bytes, on average %.4f %% of the peak of %lld\n",
	       sim.count, what, (long long)sim.worst,
	       sim.looks ? 100 * sim.sum_of_shares / (double)sim.looks : 0, (long long)sim.truth);
	fflush(stdout);
}

/* Runs `body` in a process of its own. */
static void apart(void (*body)(unsigned count, uint64_t seed), unsigned count, uint64_t seed)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		body(count, seed);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void run_random(unsigned count, uint64_t seed)
{
	bool shown = seed == 4;

	join(count);
	random_events(&seed, 400000);
	if (shown)
		report("at random");
}

static void holds_the_truth_between_its_bounds(void **state)
{
	static const unsigned counts[] = {1, 2, 3, 16};

	(void)state;
	for (int i = 0; i < 4; i++)
		for (uint64_t seed = 1; seed <= 10; seed++)
			apart(run_random, counts[i], seed);
}

/* Threads come while others are at work. */
static void run_joining(unsigned count, uint64_t seed)
{
	bool shown = seed == 4;

	for (unsigned i = 1; i <= count; i++) {
		join(i);
		random_events(&seed, 40000);
	}
	if (shown)
		report("joining one by one");
}

static void holds_while_threads_come(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 10; seed++)
		apart(run_joining, SHARES_MAX, seed);
}

/* The first thread could not be stopped when the second one came: only it may touch its share. The
 * bounds hold meanwhile, if wide apart, and are as ever once it has risen above its own peak. */
static void run_joining_unstopped(unsigned count, uint64_t seed)
{
	struct share *first = &sim.shares[0];
	int64_t drift;

	join(1);
	random_events(&seed, 20000);
	drift = load_relaxed(&first->drift);
	join_if(2, false);
	REQUIRE(drift == sim.total && load_relaxed(&first->drift) == drift);
	sim.is_unaware = true;
	for (int i = 0; i < 20000; i++) {
		rise(1, 600);
		some_fall(1, 600 + test_below(&seed, 2));
		if (i % 100 == 0)
			look();
	}
	if (count > 2) { /* the next one does it */
		join(count);
		REQUIRE(load_relaxed(&first->drift) == 0);
	}
	rise(0, (uint64_t)sim.truth + 1);
	fall(0, 1);
	REQUIRE(load_relaxed(&first->drift) == -1 && first->allow <= ALLOW_MOST);
	sim.is_unaware = false;
	random_events(&seed, 200000);
}

static void holds_when_the_first_thread_was_not_stopped(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 5; seed++) {
		apart(run_joining_unstopped, 2, seed);
		apart(run_joining_unstopped, 5, seed);
	}
}

/* The same, but it is another one that rises: the first hears of that as soon as it falls. */
static void run_hearing_of_others(unsigned count, uint64_t seed)
{
	(void)seed;
	join(1);
	rise(0, 1 << 20);
	join_if(count, false);
	sim.is_unaware = true;
	rise(1, 1 << 20);
	REQUIRE(load_relaxed(&sim.shares[0].drift) == 1 << 20);
	fall(0, 1);
	REQUIRE(load_relaxed(&sim.shares[0].drift) == -1);
	look();
	REQUIRE(sim.missed == 0 && sim.too_high == 0);
}

static void tells_the_first_thread_of_the_others(void **state)
{
	(void)state;
	apart(run_hearing_of_others, 2, 0);
}

/* A thread that has allocated all gives it back, while another takes as much. */
static void run_handover(unsigned count, uint64_t seed)
{
	(void)seed;
	join(1);
	for (int i = 0; i < 100000; i++)
		rise(0, 1000);
	join(count);
	for (int i = 0; i < 100000; i++) {
		fall(0, 1000);
		rise(1, 1000);
		look();
	}
	report("handed over");
}

static void holds_when_the_first_thread_only_frees(void **state)
{
	(void)state;
	apart(run_handover, 2, 0);
}

/* While only one of them does anything, all is as if it were alone. */
static void run_one_active(unsigned count, uint64_t seed)
{
	join(count);
	for (int i = 0; i < 200000; i++) {
		uint64_t bytes = some_size(&seed);

		sim.shares[1].credit = PEAK_CREDIT;
		if (test_below(&seed, 2))
			rise(1, bytes);
		else
			some_fall(1, bytes);
		if (i % 16 == 0) {
			look();
			REQUIRE(sim.missed == 0 && sim.too_high == 0);
		}
	}
}

static void is_exact_while_one_thread_is_active(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 5; seed++)
		apart(run_one_active, 8, seed);
}

/* One after the other, as if barriers were between them. What the others have kept to themselves
 * can hide a peak or be taken for one, as far as the bound goes. */
static void run_phases(unsigned count, uint64_t seed)
{
	bool shown = seed == 4;

	join(count);
	for (int phase = 0; phase < 4000; phase++) {
		unsigned which = (unsigned)test_below(&seed, count);
		unsigned odds = 3 + (unsigned)test_below(&seed, 4);

		sim.shares[which].credit = PEAK_CREDIT;
		for (unsigned i = 64 + (unsigned)test_below(&seed, 300); i > 0; i--) {
			uint64_t bytes = some_size(&seed);

			if (test_below(&seed, 10) < odds)
				rise(which, bytes);
			else
				some_fall(which, bytes);
		}
		look();
	}
	if (shown)
		report("in phases");
}

static void holds_when_threads_take_turns(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 5; seed++)
		apart(run_phases, 3, seed);
}

/* Each thread's rise is well above what it may keep to itself: the tops of steps are seen. */
static void run_steps(unsigned count, uint64_t seed)
{
	bool shown = seed == 4;

	join(count);
	for (int phase = 0; phase < 1000; phase++) {
		unsigned which = (unsigned)test_below(&seed, count);
		uint64_t bytes = (1 << 10) + test_below(&seed, 4 << 10), events = 64;

		sim.shares[which].credit = PEAK_CREDIT;
		for (uint64_t i = 0; i < events; i++)
			rise(which, bytes);
		for (uint64_t i = 0; i < events; i++)
			fall(which, bytes - test_below(&seed, 32));
		look();
	}
	if (shown)
		report("in steps");
}

static void sees_the_tops_of_steps(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 5; seed++)
		apart(run_steps, 4, seed);
}

/* Since the window was set back, not since the start. */
static void run_window(unsigned count, uint64_t seed)
{
	join(count);
	for (int i = 0; i < 2000; i++) {
		int64_t highest, before;

		peak_reset_window();
		note_epoch();
		highest = sim.total;
		for (unsigned events = 1 + (unsigned)test_below(&seed, 100); events > 0; events--) {
			if (test_below(&seed, 2))
				rise(0, some_size(&seed));
			else
				some_fall(0, some_size(&seed));
			highest = sim.total > highest ? sim.total : highest;
		}
		before = (int64_t)peak_read().window_bytes;
		note_epoch();
		REQUIRE(before == highest);
	}
}

static void has_the_window_of_the_only_thread(void **state)
{
	(void)state;
	apart(run_window, 1, 77);
}

static void run_child(unsigned count, uint64_t seed)
{
	struct peak peak;

	join(count);
	random_events(&seed, 10000);
	some_fall(0, (uint64_t)sim.total / 2);
	peak_hold();
	peak_child();
	peak = peak_read();
	REQUIRE((int64_t)peak.bytes == sim.total && (int64_t)peak.upper_bytes == sim.total);
	sim.truth = sim.declared = sim.total;
	sim.epoch = load_relaxed(&peak_epoch);
	random_events(&seed, 100000);
}

static void starts_with_what_is_live_in_a_child(void **state)
{
	(void)state;
	apart(run_child, 1, 5);
	apart(run_child, 3, 6);
}

/*
 * Threads in earnest. The truth is known as each holds its most at the same time, at a barrier.
 */
#define THREADS 8
#define ROUNDS  15
#define EVENTS  10000

static struct {
	pthread_barrier_t barrier;
	_Atomic bool over;
	_Atomic int64_t most; /* of a thread, this round */
} run;

/* Anything up to the most of this round, and at last just that. */
static void *work(void *place)
{
	struct share *share = place;
	uint64_t seed = (uint64_t)(share - sim.shares) + 1;
	int64_t live = 0;

	for (int round = 0; round < ROUNDS; round++) {
		int64_t most = load_relaxed(&run.most);

		for (int i = 0; i < EVENTS; i++) {
			int64_t bytes = (int64_t)test_below(&seed, 2000);

			if (test_below(&seed, 2) && live + bytes <= most) {
				peak_rise(share, (uint64_t)bytes);
				live += bytes;
			} else if (bytes <= live) {
				peak_before_fall(share);
				peak_fall(share, (uint64_t)bytes);
				live -= bytes;
			}
		}
		peak_rise(share, (uint64_t)(most - live));
		live = most;
		share->credit = PEAK_CREDIT;
		pthread_barrier_wait(&run.barrier);
		pthread_barrier_wait(&run.barrier);
	}
	return NULL;
}

static void *watch(void *unused)
{
	uint64_t bytes = 0, upper = 0;

	while (!load_relaxed(&run.over)) {
		struct peak peak = peak_read();

		REQUIRE(peak.bytes >= bytes && peak.upper_bytes >= upper);
		REQUIRE(peak.bytes <= peak.upper_bytes);
		bytes = peak.bytes;
		upper = peak.upper_bytes;
	}
	return unused;
}

static void check_round(uint64_t truth)
{
	struct peak peak = peak_read();

	sim.truth = sim.highest = (int64_t)truth;
	REQUIRE(peak.now_bytes == truth);
	REQUIRE(peak.bytes == truth); /* it is just being held */
	REQUIRE(peak.upper_bytes >= truth);
	REQUIRE((int64_t)peak.upper_bytes <= sim.truth + most_error());
}

static void run_threads(unsigned count, uint64_t seed)
{
	pthread_t threads[THREADS], watcher;

	(void)seed;
	join(count);
	pthread_barrier_init(&run.barrier, NULL, count + 1);
	store_relaxed(&run.most, 1000000);
	for (unsigned i = 0; i < count; i++)
		REQUIRE(pthread_create(&threads[i], NULL, work, &sim.shares[i]) == 0);
	REQUIRE(pthread_create(&watcher, NULL, watch, NULL) == 0);
	for (int round = 0; round < ROUNDS; round++) {
		pthread_barrier_wait(&run.barrier);
		check_round((uint64_t)load_relaxed(&run.most) * count);
		store_relaxed(&run.most, load_relaxed(&run.most) * 11 / 10);
		pthread_barrier_wait(&run.barrier);
	}
	store_relaxed(&run.over, true);
	pthread_join(watcher, NULL);
	for (unsigned i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
}

static void adds_up_what_threads_hold(void **state)
{
	(void)state;
	apart(run_threads, THREADS, 0);
}

#define PASSES 20000
#define TOKEN  1000

static _Atomic unsigned holder;

/* One holds all there is, and passes it on. */
static void *pass_on(void *place)
{
	struct share *share = place;
	unsigned which = (unsigned)(share - sim.shares);

	for (int i = 0; i < PASSES; i++) {
		while (load_acquire(&holder) != which)
			spin_pause();
		peak_rise(share, TOKEN);
		peak_before_fall(share);
		peak_fall(share, TOKEN);
		store_release(&holder, !which); /* pairs with the one above */
	}
	return NULL;
}

/* An evaluation reads one drift after the other, so it may see a token twice: no more than what
 * threads keep to themselves can be counted so. */
static void run_passing(unsigned count, uint64_t seed)
{
	pthread_t threads[2], watcher;
	struct peak peak;

	(void)seed;
	join(count);
	for (unsigned i = 0; i < count; i++)
		REQUIRE(pthread_create(&threads[i], NULL, pass_on, &sim.shares[i]) == 0);
	REQUIRE(pthread_create(&watcher, NULL, watch, NULL) == 0);
	for (unsigned i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	store_relaxed(&run.over, true);
	pthread_join(watcher, NULL);
	peak = peak_read();
	REQUIRE(peak.now_bytes == 0);
	REQUIRE(peak.bytes == TOKEN || peak.bytes == 2 * TOKEN);
	REQUIRE(peak.upper_bytes >= TOKEN && peak.upper_bytes <= 2 * (2 * ALLOW_LEAST + TOKEN));
	printf("a token of %d bytes passed between threads: [%llu, %llu]\n", TOKEN,
	       (unsigned long long)peak.bytes, (unsigned long long)peak.upper_bytes);
	fflush(stdout);
}

static void counts_what_is_passed_on_twice_at_most(void **state)
{
	(void)state;
	apart(run_passing, 2, 0);
}

/* Who reads is in no section, so it is not stopped while others come. */
static void run_joining_under_a_reader(unsigned count, uint64_t seed)
{
	pthread_t watcher;

	(void)seed;
	join(1);
	rise(0, 1000);
	REQUIRE(pthread_create(&watcher, NULL, watch, NULL) == 0);
	usleep(10000);
	for (unsigned i = 2; i <= count; i++) {
		join(i);
		usleep(1000);
	}
	store_relaxed(&run.over, true);
	pthread_join(watcher, NULL);
	look();
	REQUIRE(sim.missed == 0 && sim.too_high == 0);
}

static void can_be_read_while_threads_come(void **state)
{
	(void)state;
	apart(run_joining_under_a_reader, SHARES_MAX, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holds_the_truth_between_its_bounds),
		cmocka_unit_test(holds_while_threads_come),
		cmocka_unit_test(holds_when_the_first_thread_was_not_stopped),
		cmocka_unit_test(tells_the_first_thread_of_the_others),
		cmocka_unit_test(holds_when_the_first_thread_only_frees),
		cmocka_unit_test(is_exact_while_one_thread_is_active),
		cmocka_unit_test(holds_when_threads_take_turns),
		cmocka_unit_test(sees_the_tops_of_steps),
		cmocka_unit_test(has_the_window_of_the_only_thread),
		cmocka_unit_test(starts_with_what_is_live_in_a_child),
		cmocka_unit_test(can_be_read_while_threads_come),
		cmocka_unit_test(adds_up_what_threads_hold),
		cmocka_unit_test(counts_what_is_passed_on_twice_at_most),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
