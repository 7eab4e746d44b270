/* SPDX-License-Identifier: MIT */
/* Events on threads that have just begun, while others look at all counters: nothing of a thread
 * may change outside a section that who looks at it reads (the thread sanitizer sees to that), and
 * the sums are right. */
#include "track.h"

#include <pthread.h>
#include <stdlib.h>

#include "shim.h"

#define THREADS 60
#define EVENTS  100
#define LOOKS   20 /* for each thread */
#define BYTES   24

static pthread_barrier_t all_done; /* so that no slot is adopted */

static NOINLINE void allocate_and_free(struct thread *self)
{
	void *block = malloc(BYTES);

	track_alloc(self, HERE(), block, BYTES);
	assert_true(track_free(self, block));
	free(block);
}

static void *run(void *unused)
{
	struct thread *self = thread_adopt();

	(void)unused;
	assert_non_null(self);
	for (int i = 0; i < EVENTS; i++)
		allocate_and_free(self);
	pthread_barrier_wait(&all_done);
	return NULL;
}

static void look(void)
{
	assert_true(world_stop(thread_self));
	shim_take();
	world_go();
}

static void counts_on_threads_that_begin(void **state)
{
	pthread_t threads[THREADS];
	struct site_values sum;

	(void)state;
	pthread_barrier_init(&all_done, NULL, THREADS + 1);
	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_create(&threads[i], NULL, run, NULL), 0);
		for (int k = 0; k < LOOKS; k++)
			look();
	}
	pthread_barrier_wait(&all_done);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	look();
	sum = shim_sum();
	assert_int_equal(sum.allocations, THREADS * EVENTS);
	assert_int_equal(sum.allocated_bytes, THREADS * EVENTS * BYTES);
	assert_int_equal(sum.frees, THREADS * EVENTS);
	assert_int_equal(sum.live_blocks, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_on_threads_that_begin),
	};

	return cmocka_run_group_tests(tests, shim_start, NULL);
}
