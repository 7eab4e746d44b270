/* SPDX-License-Identifier: MIT */
#include "timeline.h"

#include "test.h"

static struct point taken[TIMELINE_ROOM];

static void keeps_points_in_order(void **state)
{
	(void)state;
	for (uint64_t i = 1; i <= 100; i++)
		timeline_add((struct point){i * 1000, i, i, i});
	assert_int_equal(timeline_take(taken), 100);
	for (uint64_t i = 1; i <= 100; i++)
		assert_int_equal(taken[i - 1].live_bytes, i);
	assert_int_equal(timeline_take(taken), 0);
}

static void gets_coarser_instead_of_longer(void **state)
{
	uint64_t now = 1000000, points = 0, end = 3600ull * 1000000000;
	uint32_t count;

	(void)state;
	timeline_child();
	for (; now < end; now = timeline_due_ns(), points++)
		timeline_add((struct point){now, points, 0, 0});
	/* An hour at 10 ms would be 360,000. */
	assert_in_range(points, 2 * TIMELINE_ROOM, 20000);
	count = timeline_take(taken);
	assert_in_range(count, 1, TIMELINE_ROOM);
	for (uint32_t i = 1; i < count; i++)
		assert_true(taken[i].time_ns > taken[i - 1].time_ns);
	assert_true(taken[0].time_ns < end / 2); /* the early part is still there */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_points_in_order),
		cmocka_unit_test(gets_coarser_instead_of_longer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
