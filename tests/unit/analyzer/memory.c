/* SPDX-License-Identifier: MIT */
/* What a snapshot says of the process's memory, and the heap taken apart. */
#include "report/memory.h"
#include "check.h"
#include "load.h"
#include "trace_writer.h"

/* The heap, maps, stacks, files, heapmark, other. */
static const struct region_sum large[] = {{1000, 600}, {50, 40}, {30, 20},
					  {90, 80},    {7, 6},   {5, 4}};
static const struct region_sum small[] = {{400, 400}};

static void write_trace(struct trace_writer *w)
{
	const struct snapshot snapshots[] = {
		{.index = 1, .time_ns = 10},
		{.index = 2, .time_ns = 20, .totals = {.live_bytes = 700}},
		{.index = 3, .time_ns = 30, .totals = {.live_bytes = 900}},
		{.index = 4, .time_ns = 40, .totals = {.live_bytes = 100}},
	};

	trace_begin(w);
	trace_snapshot(w, &snapshots[0]);
	trace_snapshot(w, &snapshots[1]);
	trace_regions(w, large, sizeof(large) / sizeof(*large));
	trace_snapshot(w, &snapshots[2]); /* the largest, but nobody looked */
	trace_snapshot(w, &snapshots[3]);
	trace_regions(w, small, 1);
	trace_member(w);
}

static void load(struct profile *profile)
{
	struct error err = ERROR_INIT;
	struct trace_writer w;

	write_trace(&w);
	profile_init(profile);
	assert_int_equal(load_image(profile, w.file.bytes, w.file.size, "end", &err), 0);
	trace_release(&w);
}

static void moments_are_those_at_which_memory_was_looked_at(void **state)
{
	struct profile profile;

	(void)state;
	load(&profile);
	assert_int_equal(memory_largest(&profile)->index, 2);
	assert_int_equal(memory_last(&profile)->index, 4);
	assert_false(profile.snapshots[0].has_regions);
	assert_int_equal(memory_resident(memory_largest(&profile)), 750);
	assert_int_equal(memory_resident(memory_last(&profile)), 400);
	profile_release(&profile);
}

static void the_heap_is_taken_apart(void **state)
{
	struct heap_split split;
	struct profile profile;

	(void)state;
	load(&profile);
	split = heap_split(memory_largest(&profile));
	assert_int_equal(split.requested, 700);
	assert_int_equal(split.allocator, 300);
	assert_int_equal(split.not_resident, 400);
	split = heap_split(memory_last(&profile));
	assert_int_equal(split.allocator, 300);
	assert_int_equal(split.not_resident, 0);
	profile_release(&profile);
}

static void of_a_trace_without_any_there_is_no_moment(void **state)
{
	struct profile profile;

	(void)state;
	profile_init(&profile);
	assert_null(memory_largest(&profile));
	assert_null(memory_last(&profile));
	profile_release(&profile);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(moments_are_those_at_which_memory_was_looked_at),
		cmocka_unit_test(the_heap_is_taken_apart),
		cmocka_unit_test(of_a_trace_without_any_there_is_no_moment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
