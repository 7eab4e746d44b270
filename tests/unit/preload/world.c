/* SPDX-License-Identifier: MIT */
/* A world that is stopped stands still: nobody is half-way through a section. */
#include "world.h"

#include <pthread.h>
#include <stdlib.h>

#include "lost.h"
#include "shim.h"

#define THREADS 3
#define STOPS   5000

/* Plain: only their threads change them, and only the one that stops looks. */
static struct {
	uint64_t first, second;
	char apart[240]; /* not in one line of the cache */
} counters[THREADS];
static _Atomic bool over;
static _Atomic uint64_t rounds; /* of all threads, about */

static void *count(void *place)
{
	struct thread *self = thread_enter();
	uint64_t *first = place, *second = first + 1;

	if (!self)
		abort();
	while (!load_relaxed(&over)) {
		if (!world_enter_section(self))
			abort();
		++*first;
		fence_signal(); /* the compiler is to write both */
		++*second;
		world_leave_section(self);
		store_relaxed(&rounds, load_relaxed(&rounds) + 1);
	}
	thread_leave(self);
	return NULL;
}

static uint64_t look(void)
{
	uint64_t sum = 0;

	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(counters[i].first, counters[i].second);
		sum += counters[i].first;
	}
	return sum;
}

static void stands_still_when_it_is_stopped(void **state)
{
	pthread_t threads[THREADS];
	uint64_t last = 0, moved = 0;

	(void)state;
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, count, &counters[i]), 0);
	for (int i = 0; i < STOPS; i++) {
		uint64_t sum, before = load_relaxed(&rounds);

		while (load_relaxed(&rounds) == before)
			spin_pause();
		assert_true(world_stop(thread_self));
		sum = look();
		for (int again = 0; again < 100; again++) {
			fence_signal();
			assert_int_equal(look(), sum);
		}
		world_go();
		moved += sum > last;
		last = sum;
	}
	store_relaxed(&over, true);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	assert_in_range(moved, STOPS / 10, STOPS); /* it went on in between */
	assert_int_equal(lost_count(HEAPMARK_LOSS_LOCK_TIMEOUT), 0);
}

static void goes_on_without_who_does_not_come_out(void **state)
{
	static struct thread *stuck;

	(void)state;
	/* The slot of a thread that has ended in a section, as if it were killed there. */
	for (stuck = thread_first(); stuck == thread_self; stuck = thread_next(stuck))
		;
	store_relaxed(&stuck->in_section, true);
	assert_false(world_stop(thread_self));
	assert_true(world_enter_section(thread_self));
	world_leave_section(thread_self);
	store_relaxed(&stuck->in_section, false);
	assert_true(world_stop(thread_self));
	world_go();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stands_still_when_it_is_stopped),
		cmocka_unit_test(goes_on_without_who_does_not_come_out),
	};

	return cmocka_run_group_tests(tests, shim_start, NULL);
}
