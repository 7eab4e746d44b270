/* SPDX-License-Identifier: MIT */
/* The line of live bytes over time: what stands in which of its columns. */
#include "report/sparkline.h"
#include "check.h"

#define COLUMN_NS UINT64_C(1000000)
#define RUN_NS    (SPARKLINE_COLUMNS * COLUMN_NS)

/* A profile of these points; nothing of it needs to be released. */
static struct profile profile_of(struct timeline_point *points, size_t count)
{
	return (struct profile){.timeline = points,
				.timeline_count = count,
				.end = {.seen = true, .time_ns = RUN_NS}};
}

static void each_column_has_the_most_of_its_time(void **state)
{
	struct timeline_point points[] = {
		{0, 100, 1, 0},
		{COLUMN_NS / 2, 300, 1, 0}, /* column 0, and more than the first */
		{2 * COLUMN_NS, 0, 1, 0},   /* nothing known of column 1: as before */
		{3 * COLUMN_NS, 800, 1, 0}, /* the largest: full height */
		{4 * COLUMN_NS, 1, 1, 0},   /* a byte is not nothing */
		{5 * COLUMN_NS, 100, 1, 0}, /* exactly an eighth */
		{6 * COLUMN_NS, 101, 1, 0}, /* more than an eighth */
		{7 * COLUMN_NS, 0, 1, 0},
		{RUN_NS, 400, 1, 0}, /* the end is in the last column */
	};
	struct profile profile = profile_of(points, sizeof(points) / sizeof(*points));
	char text[SPARKLINE_BYTES], wanted[SPARKLINE_BYTES];

	(void)state;
	memset(wanted, ' ', SPARKLINE_COLUMNS);
	memcpy(wanted, "-- @..:", 7);
	wanted[SPARKLINE_COLUMNS - 1] = '=';
	wanted[SPARKLINE_COLUMNS] = '\0';
	assert_int_equal(sparkline(text, &profile, false), 800);
	assert_string_equal(text, wanted);
}

static void a_peak_between_points_is_in_it(void **state)
{
	struct snapshot last = {.time_ns = RUN_NS,
				.peak_time_ns = 10 * COLUMN_NS,
				.totals = {.live_bytes = 10, .peak_bytes = 1000}};
	struct timeline_point points[] = {{0, 10, 1, 0}};
	struct profile profile = profile_of(points, 1);
	char text[SPARKLINE_BYTES];

	(void)state;
	profile.snapshots = &last;
	profile.snapshot_count = 1;
	assert_int_equal(sparkline(text, &profile, false), 1000);
	assert_int_equal(text[9], '.');
	assert_int_equal(text[10], '@');
	assert_int_equal(text[11], '.');
	assert_int_equal(text[SPARKLINE_COLUMNS - 1], '.');
}

static void is_drawn_in_blocks_where_they_can_be_shown(void **state)
{
	struct timeline_point points[] = {{0, 400, 1, 0}, {COLUMN_NS, 800, 1, 0}};
	struct profile profile = profile_of(points, 2);
	char text[SPARKLINE_BYTES];

	(void)state;
	assert_int_equal(sparkline(text, &profile, true), 800);
	assert_memory_equal(text, "\u2584\u2588\u2588", 9);
	assert_int_equal(strlen(text), 3 * SPARKLINE_COLUMNS);
}

static void of_one_point_there_is_no_line(void **state)
{
	struct timeline_point points[] = {{0, 10, 1, 0}, {0, 0, 0, 0}};
	struct profile profile = profile_of(points, 1);
	char text[SPARKLINE_BYTES];

	(void)state;
	assert_int_equal(sparkline(text, &profile, false), 0);
	points[0].live_bytes = 0;
	profile = profile_of(points, 2);
	assert_int_equal(sparkline(text, &profile, false),
			 0); /* nor of a heap that was always empty */
	assert_string_equal(text, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_column_has_the_most_of_its_time),
		cmocka_unit_test(a_peak_between_points_is_in_it),
		cmocka_unit_test(is_drawn_in_blocks_where_they_can_be_shown),
		cmocka_unit_test(of_one_point_there_is_no_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
