/* SPDX-License-Identifier: MIT */
#include "lock.h"

#include <pthread.h>

#include "test.h"

#define THREADS 8
#define ROUNDS  50000

static struct lock lock;
static uint64_t counter;

static void *count(void *unused)
{
	for (int i = 0; i < ROUNDS; i++) {
		if (!lock_take(&lock))
			return unused;
		counter++;
		lock_drop(&lock);
	}
	return NULL;
}

static void lets_one_in_at_a_time(void **state)
{
	pthread_t threads[THREADS];

	(void)state;
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, count, &lock), 0);
	for (int i = 0; i < THREADS; i++) {
		void *gave_up;

		pthread_join(threads[i], &gave_up);
		assert_null(gave_up);
	}
	assert_int_equal(counter, THREADS * ROUNDS);
}

static void gives_up_on_a_holder_that_vanished(void **state)
{
	struct lock left = {0};

	(void)state;
	assert_true(lock_take(&left));
	assert_false(lock_try(&left));
	assert_false(lock_take(&left));
	lock_reset(&left);
	assert_true(lock_take(&left));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lets_one_in_at_a_time),
		cmocka_unit_test(gives_up_on_a_holder_that_vanished),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
