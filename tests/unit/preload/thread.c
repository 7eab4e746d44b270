/* SPDX-License-Identifier: MIT */
/* The guard, and slots that come back from threads that have ended. */
#include "thread.h"

#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#include "config.h"
#include "facts.h"
#include "lost.h"
#include "mem.h"
#include "test.h"

static void ignore_fork(void)
{
}

static int pending_calls;

static void count_pending(struct thread *self)
{
	assert_true(self->busy);
	store_relaxed(&thread_pending, false);
	pending_calls++;
}

static const struct thread_calls calls = {ignore_fork, count_pending};

static int start(void **state)
{
	char *none[] = {NULL};

	(void)state;
	config_read(none);
	facts_read(0, NULL, NULL);
	thread_start(&calls);
	store_relaxed(&thread_recording, true);
	return 0;
}

static void lets_a_thread_in_once_and_keeps_errno(void **state)
{
	struct thread *self;

	(void)state;
	errno = 42;
	self = thread_enter();
	assert_non_null(self);
	errno = 1;
	assert_null(thread_enter());
	assert_int_equal(lost_count(HEAPMARK_LOSS_REENTERED), 1);
	self->own_work = true;
	assert_null(thread_enter());
	assert_int_equal(lost_count(HEAPMARK_LOSS_REENTERED), 1);
	self->own_work = false;
	thread_leave(self);
	assert_int_equal(errno, 42);
	assert_ptr_equal(thread_enter(), self);
	thread_leave(self);
}

static void does_what_is_pending_as_the_hook_ends(void **state)
{
	struct thread *self = thread_enter();

	(void)state;
	store_relaxed(&thread_pending, true);
	assert_int_equal(pending_calls, 0);
	thread_leave(self);
	assert_int_equal(pending_calls, 1);
}

static void *enter_once(void *unused)
{
	struct thread *self = thread_enter();

	if (!self)
		return unused;
	thread_leave(self);
	return NULL;
}

static void uses_the_slots_of_the_dead_again(void **state)
{
	uint64_t before = mem_bytes();
	pthread_t thread;

	(void)state;
	for (int i = 0; i < 2000; i++) {
		void *refused;

		assert_int_equal(pthread_create(&thread, NULL, enter_once, state), 0);
		pthread_join(thread, &refused);
		assert_null(refused);
	}
	assert_int_equal(thread_count(), 2001);
	/* 2,000 slots would take some 20 MB. */
	assert_in_range(mem_bytes() - before, 0, 1 << 22);
}

static void lets_nobody_in_when_not_recording(void **state)
{
	(void)state;
	store_relaxed(&thread_recording, false);
	assert_null(thread_enter());
	store_relaxed(&thread_recording, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lets_a_thread_in_once_and_keeps_errno),
		cmocka_unit_test(does_what_is_pending_as_the_hook_ends),
		cmocka_unit_test(uses_the_slots_of_the_dead_again),
		cmocka_unit_test(lets_nobody_in_when_not_recording),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
