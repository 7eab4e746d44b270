/* SPDX-License-Identifier: MIT */
/* The guard, and slots that come back from threads that have ended. */
#include "thread.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "config.h"
#include "facts.h"
#include "lost.h"
#include "test.h"

static int forks, joins;

static void count_fork(void)
{
	forks++;
	thread_child();
}

static bool count_joined(struct thread *slot)
{
	assert_false(slot->busy);
	joins++;
	return true;
}

static int pending_calls;
static bool pending_for_others;

static bool count_pending(struct thread *self)
{
	assert_true(self->busy);
	if (!pending_for_others)
		thread_clear_state(THREAD_PENDING);
	pending_calls++;
	return pending_for_others;
}

static const struct thread_calls calls = {
	.forked = count_fork, .pending = count_pending, .joined = count_joined};

static int start(void **state)
{
	char *none[] = {NULL};

	(void)state;
	config_read(none);
	facts_read(0, NULL, NULL);
	thread_start(&calls);
	thread_record(true);
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
	thread_set_state(THREAD_PENDING);
	assert_int_equal(pending_calls, 0);
	thread_leave(self);
	assert_int_equal(pending_calls, 1);
	/* Another thread's to do: this one must not wait for that. */
	pending_for_others = true;
	self = thread_enter();
	thread_set_state(THREAD_PENDING);
	thread_leave(self);
	assert_int_equal(pending_calls, 2);
	pending_for_others = false;
	thread_clear_state(THREAD_PENDING);
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
	pthread_t thread;

	(void)state;
	for (int i = 0; i < 2000; i++) {
		void *refused;

		assert_int_equal(pthread_create(&thread, NULL, enter_once, state), 0);
		pthread_join(thread, &refused);
		assert_null(refused);
	}
	assert_int_equal(thread_count(), 2001);
	assert_in_range(joins, 2, 10); /* a slot is only set up when it is made */
}

static pthread_barrier_t all_in;

static void *enter_often(void *unused)
{
	void *refused = enter_once(unused);

	pthread_barrier_wait(&all_in);
	for (int i = 0; i < 1000 && !refused; i++)
		refused = enter_once(unused);
	return refused;
}

/*
 * Waves of threads that want slots at once; ThreadSanitizer watches. A wave takes over only from
 * threads that were joined: that one is dead whom the kernel does not know any more is beyond what
 * ThreadSanitizer can see, so all of a wave have their slots before the first may end.
 */
static void lets_many_threads_come_and_go_at_once(void **state)
{
	uint64_t before = thread_count();
	pthread_t threads[8];
	void *refused;

	pthread_barrier_init(&all_in, NULL, 8);
	for (int i = 0; i < 100; i++) {
		for (int j = 0; j < 8; j++)
			assert_int_equal(pthread_create(&threads[j], NULL, enter_often, state), 0);
		for (int j = 0; j < 8; j++) {
			pthread_join(threads[j], &refused);
			assert_null(refused);
		}
	}
	assert_int_equal(thread_count() - before, 800);
}

static void *inherit_no_allowance(void *state)
{
	struct thread *self = thread_enter();
	bool inherits = !self || self->has_drawn || self->allowance;

	if (self) {
		self->has_drawn = true;
		self->allowance = 1000;
		thread_leave(self);
	}
	return inherits ? state : NULL;
}

/* In a hook there is nothing that allocations could do without looking. */
static void keeps_the_allowance_in_the_slot_in_a_hook(void **state)
{
	struct thread *self;
	pthread_t thread;
	void *wrong;

	thread_sample();
	thread_allowance = 1000;
	for (int i = 0; i < 2; i++) {
		self = thread_enter();
		assert_int_equal(thread_allowance, 0);
		assert_int_equal(self->allowance, 1000);
		assert_null(thread_enter());
		assert_int_equal(self->allowance, 1000);
		thread_leave(self);
		assert_int_equal(thread_allowance, 1000);
		assert_int_equal(self->allowance, 0);
		thread_child(); /* has the state anew */
	}
	thread_set_state(THREAD_PENDING);
	self = thread_enter();
	self->allowance -= 10;
	thread_leave(self);
	assert_int_equal(thread_allowance, 990);
	for (int i = 0; i < 100; i++) {
		assert_int_equal(pthread_create(&thread, NULL, inherit_no_allowance, state), 0);
		pthread_join(thread, &wrong);
		assert_null(wrong);
	}
	assert_in_range(joins, 2, 20);
}

static _Atomic bool may_leave;
static _Atomic unsigned inside;

static void *stay_inside(void *unused)
{
	struct thread *self = thread_enter();

	inside++;
	while (!may_leave)
		usleep(1000);
	thread_leave(self);
	return unused;
}

/* For a second in all, however many there are. */
static void waits_for_others_but_not_for_ever(void **state)
{
	struct thread *self = thread_enter();
	pthread_t threads[2];

	(void)state;
	inside = 0;
	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, stay_inside, NULL), 0);
	while (inside < 2)
		usleep(1000);
	thread_wait_for_others(self);
	may_leave = true;
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	thread_wait_for_others(self);
	thread_leave(self);
}

static void lets_nobody_in_when_not_recording(void **state)
{
	(void)state;
	thread_record(false);
	assert_null(thread_enter());
	thread_record(true);
}

static int enters_in_the_copy(void)
{
	struct thread *self = thread_enter();

	if (!self || forks != 1)
		return 1;
	thread_leave(self);
	self = thread_enter();
	return self && forks == 1 ? 0 : 2; /* it finds out once */
}

/* A raw system call is not seen by pthread_atfork(). */
static void finds_out_about_a_fork(void **state)
{
	int status;
	pid_t child = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);

	(void)state;
	if (child == 0)
		_exit(enters_in_the_copy());
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(forks, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lets_a_thread_in_once_and_keeps_errno),
		cmocka_unit_test(does_what_is_pending_as_the_hook_ends),
		cmocka_unit_test(uses_the_slots_of_the_dead_again),
		cmocka_unit_test(lets_many_threads_come_and_go_at_once),
		cmocka_unit_test(waits_for_others_but_not_for_ever),
		cmocka_unit_test(lets_nobody_in_when_not_recording),
		cmocka_unit_test(finds_out_about_a_fork),
		cmocka_unit_test(keeps_the_allowance_in_the_slot_in_a_hook),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
