/* SPDX-License-Identifier: MIT */
/* Parts of merging for themselves: names of one module from several traces, sums of timelines, and
 * the limits of what can be added. Whole merges: tests/cli/merging.py. */
#include "check.h"
#include "load.h"
#include "model/merge.h"
#include "trace_writer.h"

static void add(struct symbols *symbols, uint32_t module, uint64_t address, const char *function,
		const char *file)
{
	struct symbol_frame *frame = symbols_add(symbols, module, address, 1);

	frame->function = function;
	frame->file = file;
}

static void check_at(const struct symbols *symbols, uint32_t module, uint64_t address,
		     const char *function)
{
	size_t count;
	const struct symbol_frame *frame = symbols_find(symbols, module, address, &count);

	assert_non_null(frame);
	if (function)
		assert_string_equal(frame->function, function);
	else
		assert_null(frame->function);
}

static void names_are_united(void **state)
{
	struct strings strings = STRINGS_INIT;
	struct symbols all = {0}, names = {0}, lines = {0};

	(void)state;
	symbols_begin(&names, 4, SYMBOL_NAMES, "no lines");
	add(&names, 4, 10, "old_ten", NULL);
	add(&names, 4, 30, "old_thirty", NULL);
	symbols_begin(&lines, 7, SYMBOL_LINES, NULL);
	add(&lines, 7, 20, "new_twenty", "a.c");
	add(&lines, 7, 30, "new_thirty", "a.c");
	add(&lines, 7, 40, "new_forty", "a.c");
	symbols_unite(&all, 2, &names, 4, &strings);
	symbols_unite(&all, 2, &lines, 7, &strings);
	symbols_unite(&all, 2, &names, 4, &strings); /* knows less: changes nothing */
	symbols_unite(&all, 2, &names, 5, &strings); /* of which nothing is said */
	symbols_release(&names);
	symbols_release(&lines);
	assert_int_equal(symbols_module(&all, 2)->quality, SYMBOL_LINES);
	assert_null(symbols_module(&all, 2)->why);
	assert_int_equal(symbols_count(&all), 4);
	check_at(&all, 2, 10, "old_ten");
	check_at(&all, 2, 20, "new_twenty");
	check_at(&all, 2, 30, "new_thirty");
	check_at(&all, 2, 40, "new_forty");
	symbols_release(&all);
	strings_release(&strings);
}

/* Uniting the same again and again must not take memory for each. */
static void what_is_known_takes_no_more_room(void **state)
{
	struct strings strings = STRINGS_INIT;
	struct symbols all = {0}, one = {0};

	(void)state;
	symbols_begin(&one, 1, SYMBOL_LINES, NULL);
	for (unsigned i = 0; i < 100; i++)
		add(&one, 1, i, "f", "a.c");
	for (unsigned i = 0; i < 100; i++)
		symbols_unite(&all, 1, &one, 1, &strings);
	assert_int_equal(all.frame_count, 100);
	symbols_release(&all);
	symbols_release(&one);
	strings_release(&strings);
}

static void contradictions_of_code_without_a_module_have_no_name(void **state)
{
	struct strings strings = STRINGS_INIT;
	struct symbols all = {0}, one = {0}, other = {0};

	(void)state;
	symbols_begin(&one, 0, SYMBOL_NAMES, NULL);
	add(&one, 0, 0x1000, "same", NULL);
	add(&one, 0, 0x2000, "mine", NULL);
	symbols_begin(&other, 0, SYMBOL_NAMES, NULL);
	add(&other, 0, 0x1000, "same", NULL);
	add(&other, 0, 0x2000, "yours", NULL);
	symbols_unite(&all, 0, &one, 0, &strings);
	symbols_unite(&all, 0, &other, 0, &strings);
	check_at(&all, 0, 0x1000, "same");
	check_at(&all, 0, 0x2000, NULL);
	symbols_release(&all);
	symbols_release(&one);
	symbols_release(&other);
	strings_release(&strings);
}

#define LIVES 5

/* A profile that is nothing but a timeline: points every `step`, each with its number as bytes. */
static void make_timeline(struct profile *profile, struct timeline_point *points, size_t count,
			  uint64_t start, uint64_t step)
{
	*profile = (struct profile){.timeline = points, .timeline_count = count};
	profile->process.start_unix_ns = start;
	for (size_t i = 0; i < count; i++)
		points[i] = (struct timeline_point){i * step, (int64_t)i + 1, 1, -1};
}

/* What a process had at a time, by its last point until then. */
static int64_t held_at(const struct profile *profile, uint64_t time)
{
	uint64_t start = profile->process.start_unix_ns;
	int64_t held = 0;

	if (time > start + profile->timeline[profile->timeline_count - 1].time_ns)
		return 0;
	for (size_t i = 0; i < profile->timeline_count; i++)
		if (start + profile->timeline[i].time_ns <= time)
			held = profile->timeline[i].live_bytes;
	return held;
}

static void timelines_add_up_at_each_point(void **state)
{
	static const uint64_t starts[LIVES] = {5000000, 1, 900000, 20000000, 7};
	static const uint64_t steps[LIVES] = {1000, 13, 70000, 300, 999};
	static struct timeline_point points[LIVES][600];
	static struct series forward, backward;
	struct profile lives[LIVES];

	(void)state;
	for (size_t i = 0; i < LIVES; i++)
		make_timeline(&lives[i], points[i], 100 * (i + 1), starts[i], steps[i]);
	for (size_t i = 0; i < LIVES; i++) {
		series_add(&forward, &lives[i]);
		series_add(&backward, &lives[LIVES - 1 - i]);
	}
	assert_in_range(forward.count, SERIES_POINTS / 4, SERIES_POINTS);
	assert_int_equal(forward.width, backward.width);
	assert_int_equal(forward.first, backward.first);
	assert_int_equal(forward.count, backward.count);
	assert_memory_equal(forward.points, backward.points,
			    forward.count * sizeof(*forward.points));
	for (size_t i = 0; i < forward.count; i++) {
		uint64_t time = (forward.first + i) * forward.width;
		int64_t held = 0;

		for (size_t j = 0; j < LIVES; j++)
			held += held_at(&lives[j], time);
		assert_int_equal((int64_t)forward.points[i].live_bytes, held);
	}
}

static void load_as(struct profile *profile, uint64_t pid)
{
	struct error err = ERROR_INIT;
	struct trace_writer w;

	trace_sample(&w);
	profile_init(profile);
	if (load_image(profile, w.file.bytes, w.file.size, "end", &err) < 0)
		fail_msg("%s", err.text);
	profile->process.pid = pid;
	trace_release(&w);
}

static void more_than_a_trace_can_hold_is_refused(void **state)
{
	struct error err = ERROR_INIT;
	struct profile one, two;
	struct merge merge;

	(void)state;
	load_as(&one, 1);
	load_as(&two, 2);
	two.sites[1].now.allocated_bytes = INT64_MAX - 5;
	merge_init(&merge);
	assert_int_equal(merge_add(&merge, &one, &err), 0);
	assert_int_equal(merge_add(&merge, &two, &err), -1);
	assert_contains(err.text, "more than a trace can hold");
	merge_release(&merge);
	profile_release(&one);
	profile_release(&two);
}

/* Pools are told apart by name, whatever their numbers. */
static void pools_are_merged_by_name(void **state)
{
	struct error err = ERROR_INIT;
	struct profile one, two;
	struct merge merge;

	(void)state;
	load_as(&one, 1);
	load_as(&two, 2);
	assert_string_equal(two.domains[HEAPMARK_DOMAIN_POOLS].name, "pool:nodes");
	two.domains[HEAPMARK_DOMAIN_POOLS].name = "pool:other";
	merge_init(&merge);
	assert_int_equal(merge_add(&merge, &one, &err), 0);
	assert_int_equal(merge_add(&merge, &two, &err), 0);
	assert_int_equal(merge.result.domain_count, HEAPMARK_DOMAIN_POOLS + 2);
	assert_int_equal(merge.result.site_count - 1, one.site_count - 1 + 1);
	merge_release(&merge);
	profile_release(&one);
	profile_release(&two);
}

/* Each process's estimate is independent of the others'. */
static void variances_add_up(void **state)
{
	struct error err = ERROR_INIT;
	struct trace_writer w;
	struct profile one;
	struct merge merge;

	(void)state;
	trace_sampled(&w);
	merge_init(&merge);
	for (uint64_t pid = 1; pid <= 3; pid++) {
		profile_init(&one);
		assert_int_equal(load_image(&one, w.file.bytes, w.file.size, "peak", &err), 0);
		one.process.pid = pid;
		assert_int_equal(merge_add(&merge, &one, &err), 0);
		assert_int_equal(merge_add_peak(&merge, &one, &err), 0);
		profile_release(&one);
	}
	merge_choose(&merge);
	merge_finish(&merge);
	assert_int_equal(merge.result.sample_bytes, 65536);
	assert_true(merge.result.live_variance == 3 * (40000000000.0 + 90000000000.0));
	assert_true(merge.result.peak_variance == 3 * (1440000000000.0 + 90000000000.0));
	assert_int_equal(profile_last(&merge.result)->totals.peak_bytes, 3 * 8000000);
	merge_release(&merge);
	trace_release(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_united),
		cmocka_unit_test(what_is_known_takes_no_more_room),
		cmocka_unit_test(contradictions_of_code_without_a_module_have_no_name),
		cmocka_unit_test(timelines_add_up_at_each_point),
		cmocka_unit_test(more_than_a_trace_can_hold_is_refused),
		cmocka_unit_test(pools_are_merged_by_name),
		cmocka_unit_test(variances_add_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
