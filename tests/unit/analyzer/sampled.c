/* SPDX-License-Identifier: MIT */
/* Traces of a sample: what they say, how they can be damaged, and the intervals in reports. The
 * figures here were worked out by hand; tests/cli/sampled.py works out all of them, otherwise. */
#include <jansson.h>
#include <unistd.h>

#include "check.h"
#include "load.h"
#include "model/estimate.h"
#include "report/formats.h"
#include "report/info.h"
#include "trace_writer.h"

static void load(struct profile *profile, void (*make)(struct trace_writer *w), const char *when)
{
	struct error err = ERROR_INIT;
	struct trace_writer w;

	make(&w);
	profile_init(profile);
	if (load_image(profile, w.file.bytes, w.file.size, when, &err) < 0)
		fail_msg("%s", err.text);
	trace_release(&w);
}

static const struct site *site_of(const struct profile *profile, uint32_t node)
{
	for (size_t i = 1; i < profile->site_count; i++)
		if (profile->sites[i].node == node)
			return &profile->sites[i];
	fail_msg("no site of node %u", node);
	return NULL;
}

static void a_sampled_trace_says_so(void **state)
{
	struct profile p;

	(void)state;
	load(&p, trace_sample, "end");
	assert_false(profile_is_sampled(&p));
	assert_false(p.walks.seen);
	profile_release(&p);
	load(&p, trace_sampled, "end");
	assert_true(profile_is_sampled(&p));
	assert_int_equal(p.sample_bytes, 65536);
	assert_int_equal(p.mismatch_count, 0);
	profile_release(&p);
}

static void variances_go_with_the_moment(void **state)
{
	static const struct {
		const char *when;
		uint64_t site_3, site_4;
	} cases[] = {{"1", 250000000000, 0},
		     {"2", 1000000000000, 90000000000},
		     {"3", 40000000000, 90000000000},
		     {"end", 40000000000, 90000000000},
		     {"peak", 1440000000000, 90000000000}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct profile p;

		load(&p, trace_sampled, cases[i].when);
		assert_int_equal(site_of(&p, 3)->chosen_variance, cases[i].site_3);
		assert_int_equal(site_of(&p, 4)->chosen_variance, cases[i].site_4);
		assert_int_equal(site_of(&p, 5)->chosen_variance, 0);
		assert_true(p.live_variance == 130000000000);
		assert_true(p.peak_variance == 1530000000000);
		profile_release(&p);
	}
}

static void make_estimate_alone(struct trace_writer *w)
{
	const struct snapshot first = {.index = 1};
	const struct snapshot moved = {.index = 2, .flags = HEAPMARK_SNAPSHOT_PEAK_MOVED};
	const struct trace_node node = {0, 0, 0x1234};
	const struct trace_site site = {1, 0, {0}};
	const struct trace_estimate estimates[] = {{1, 0, 2, 3}, {1, 0, 5, 7}};

	trace_begin(w);
	trace_sampling(w, 65536);
	trace_nodes(w, 1, &node, 1);
	trace_snapshot(w, &first);
	trace_sites(w, &site, 1);
	trace_estimates(w, &estimates[0], 1);
	trace_snapshot(w, &moved);
	trace_estimates(w, &estimates[1], 1);
	trace_member(w);
}

static void a_variance_may_change_without_its_bytes(void **state)
{
	struct profile p;

	(void)state;
	load(&p, make_estimate_alone, "peak");
	assert_int_equal(site_of(&p, 1)->chosen_variance, 7);
	assert_int_equal(site_of(&p, 1)->live_variance, 5);
	profile_release(&p);
}

static void tells_how_call_stacks_were_found(void **state)
{
	struct profile p;

	(void)state;
	load(&p, trace_sampled, "end");
	assert_true(p.walks.seen);
	assert_int_equal(p.walks.captured, 1300);
	assert_int_equal(p.walks.by_libunwind, 20);
	assert_int_equal(p.walks.compared, 100);
	assert_int_equal(p.walks.different, 3);
	profile_release(&p);
}

static void sampling_twice(struct trace_writer *w)
{
	trace_sampling(w, 65536);
}

static void sampling_of_nothing(struct trace_writer *w)
{
	trace_sampling(w, 0);
}

static void estimates_without_snapshot(struct trace_writer *w)
{
	trace_estimates(w, NULL, 0);
}

static void sampling_after_a_snapshot(struct trace_writer *w)
{
	const struct snapshot snapshot = {.index = 1};

	trace_snapshot(w, &snapshot);
	trace_sampling(w, 65536);
}

static void walks_too_short(struct trace_writer *w)
{
	trace_record(w, HEAPMARK_REC_WALKS);
	trace_number(w, 1);
	trace_record_end(w);
}

/* One site, and estimates of it and others. */
static void add_estimates(struct trace_writer *w, const struct trace_estimate *estimates,
			  size_t count)
{
	const struct trace_node node = {0, 0, 0x1234};
	const struct trace_site site = {1, 0, {0}};
	const struct snapshot snapshot = {.index = 1};

	trace_nodes(w, 1, &node, 1);
	trace_snapshot(w, &snapshot);
	trace_sites(w, &site, 1);
	trace_estimates(w, estimates, count);
}

static void estimate_of_unknown_stack(struct trace_writer *w)
{
	const struct trace_estimate estimates[] = {{2, 0, 1, 1}};

	add_estimates(w, estimates, 1);
}

static void estimate_of_unlisted_site(struct trace_writer *w)
{
	const struct trace_estimate estimates[] = {{1, 0, 1, 1}, {1, 1, 1, 1}};

	add_estimates(w, estimates, 2);
}

static void estimate_in_unknown_domain(struct trace_writer *w)
{
	const struct trace_estimate estimates[] = {{1, UINT64_C(1) << 32, 1, 1}};

	add_estimates(w, estimates, 1);
}

static void estimate_given_twice(struct trace_writer *w)
{
	const struct trace_estimate estimates[] = {{1, 0, 1, 1}, {1, 0, 1, 1}};

	add_estimates(w, estimates, 2);
}

static void too_many_estimates(struct trace_writer *w)
{
	add_estimates(w, NULL, 0);
	trace_record(w, HEAPMARK_REC_ESTIMATES);
	trace_number(w, UINT64_MAX);
	trace_record_end(w);
}

static void estimate_cut_short(struct trace_writer *w)
{
	add_estimates(w, NULL, 0);
	trace_record(w, HEAPMARK_REC_ESTIMATES);
	trace_number(w, 1);
	trace_number(w, 1);
	trace_number(w, 0);
	trace_number(w, UINT64_MAX);
	trace_record_end(w);
}

/* A trace with these records in its only member; a mean of 0 stands for no SAMPLING. */
static void check_damage(uint64_t mean_bytes, void (*add)(struct trace_writer *w), const char *part)
{
	struct error err = ERROR_INIT;
	struct trace_writer w;
	struct profile p;

	trace_begin(&w);
	if (mean_bytes)
		trace_sampling(&w, mean_bytes);
	add(&w);
	trace_member(&w);
	profile_init(&p);
	if (load_image(&p, w.file.bytes, w.file.size, "end", &err) == 0)
		fail_msg("accepted: %s", part);
	assert_contains(err.text, "is damaged");
	assert_contains(err.text, part);
	profile_release(&p);
	trace_release(&w);
}

static void every_broken_rule_is_damage(void **state)
{
	static const struct {
		void (*add)(struct trace_writer *w);
		const char *part;
	} cases[] = {
		{sampling_twice, "SAMPLING record"},
		{sampling_after_a_snapshot, "comes too late"},
		{walks_too_short, "WALKS record"},
		{estimates_without_snapshot, "belongs to no snapshot"},
		{estimate_of_unknown_stack, "call stack that does not exist"},
		{estimate_of_unlisted_site, "site that does not exist"},
		{estimate_in_unknown_domain, "site that does not exist"},
		{estimate_given_twice, "not in order"},
		{too_many_estimates, "fewer sites than it says"},
		{estimate_cut_short, "is too short"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		check_damage(65536, cases[i].add, cases[i].part);
	check_damage(0, estimate_of_unlisted_site, "not sampled");
	check_damage(0, sampling_of_nothing, "a mean that cannot be");
	check_damage(UINT64_MAX, sampling_twice, "a mean that cannot be");
}

static void an_interval_is_196_hundredths_of_a_deviation_wide(void **state)
{
	(void)state;
	assert_int_equal(estimate_margin(0), 0);
	assert_int_equal(estimate_margin(1e4), 196);
	assert_int_equal(estimate_margin(1.53e12), 2424386); /* 1.96 * 1236931.687685 */
	assert_int_equal(estimate_range(5000000, 1.44e12).low, 2648000);
	assert_int_equal(estimate_range(5000000, 1.44e12).high, 7352000);
	assert_int_equal(estimate_range(200000, 4e10).low, 0); /* not -192000 */
	assert_int_equal(estimate_range(200000, 4e10).high, 592000);
	assert_int_equal(estimate_change(500, 200, 1e4).low, -496);
	assert_int_equal(estimate_change(500, 200, 1e4).high, -104);
	assert_true(estimate_range(UINT64_MAX, 1e300).high > 0); /* whatever a trace says */
	assert_true(estimate_change(UINT64_MAX, 0, 1e300).low < 0);
}

static void noise_is_what_may_be_nothing(void **state)
{
	(void)state;
	assert_true(estimate_is_noise(500, 400, 1e4));
	assert_true(estimate_is_noise(500, 500, 1e4));
	assert_true(estimate_is_noise(304, 500, 1e4));
	assert_false(estimate_is_noise(303, 500, 1e4));
	assert_false(estimate_is_noise(500, 303, 1e4));
	assert_false(estimate_is_noise(500, 500, 0)); /* that is known */
	assert_false(estimate_is_noise(500, 400, 0));
}

/* Writes a report, or with `second` a diff, by `format`; the caller frees the text. */
static char *written(const char *format, struct report_options *options, const char *first,
		     const char *second)
{
	const char *const moments[] = {first, second};
	struct error err = ERROR_INIT;
	char path[] = "sampled-test-XXXXXX", name[64];
	struct report report;
	struct trace_writer w;
	struct out out;
	size_t size;
	char *text;

	close(mkstemp(path));
	trace_sampled(&w);
	trace_save(&w, path);
	trace_release(&w);
	report_init(&report, options);
	for (size_t i = 0; i < 2 && moments[i]; i++) {
		snprintf(name, sizeof(name), "%s@%s", path, moments[i]);
		assert_int_equal(report_load(&report, name, "peak", &err), 0);
	}
	assert_int_equal(report_build(&report, &err), 0);
	out_memory(&out, &text, &size);
	(second ? format_find(format)->write_diff : format_find(format)->write_report)(&report,
										       &out);
	assert_int_equal(out_close(&out, &err), 0);
	report_release(&report);
	unlink(path);
	return text;
}

static void check_text(char *text_take, const char *const *parts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_contains(text_take, parts[i]);
	free(text_take);
}

static void a_report_says_that_it_estimates(void **state)
{
	static const char *const parts[] = {
		"sampled     all numbers are estimates from a sample (one block per 64.0 KiB)\n",
		"peak        7.6 MiB +/- 2.3 MiB (at most 24.0 KiB more) in 800 blocks, at 2.50 s",
		"at the end  3.1 MiB +/- 690.1 KiB in 320 blocks not freed",
		"at the peak (2.50 s): 7.6 MiB +/- 2.3 MiB in 800 blocks, by line",
		"      bytes     +/- 95%   share       blocks   allocations  place\n",
		"    4.8 MiB     2.2 MiB   62.5%          500           600  app+0x1200\n",
		"    2.9 MiB   574.2 KiB   37.5%          300           300  app+0x1300\n",
	};
	static const char *const left_out[] = {
		"    2.9 MiB   574.2 KiB   37.5%          300           300  1 more row; -n 2 "
		"shows all\n",
	};
	struct report_options options = {0};

	(void)state;
	check_text(written("text", &options, "peak", NULL), parts, sizeof(parts) / sizeof(*parts));
	options.top = 1;
	options.top_given = true;
	check_text(written("text", &options, "peak", NULL), left_out, 1);
}

static void a_diff_tells_noise_from_change(void **state)
{
	static const char *const change[] = {
		"sampled     old: one block per 64.0 KiB, new: one block per 64.0 KiB; so all "
		"numbers are estimates, +/- is their 95% interval\n",
		"+5.7 MiB +/- 2.2 MiB in +600 blocks, by line",
		"      change     +/- 95%               old         new        blocks  place\n",
		"    +2.9 MiB     2.1 MiB         976.6 KiB     3.8 MiB          +300  "
		"app+0x1200\n",
		"    +2.9 MiB   605.4 KiB               0 B     2.9 MiB          +300  "
		"app+0x1300\n",
	};
	static const char *const noise[] = {
		"+976.6 KiB +/- 3.0 MiB in +100 blocks (within noise), by line",
		"  +976.6 KiB     2.9 MiB noise     3.8 MiB     4.8 MiB          +100  ",
		"noise: the change may as well be none, as its interval includes 0\n",
	};
	struct report_options options = {0};
	char *text;

	(void)state;
	text = written("text", &options, "1", "2");
	assert_null(strstr(text, "noise"));
	check_text(text, change, sizeof(change) / sizeof(*change));
	text = written("text", &options, "2", "peak");
	check_text(text, noise, sizeof(noise) / sizeof(*noise));
}

static int64_t number(const json_t *object, const char *name)
{
	if (!json_is_integer(json_object_get(object, name)))
		fail_msg("%s is no number", name);
	return json_integer_value(json_object_get(object, name));
}

static void json_has_both_ends_of_each_interval(void **state)
{
	struct report_options options = {0};
	char *text = written("json", &options, "peak", NULL);
	json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	json_t *row = json_array_get(json_object_get(root, "rows"), 0);
	json_t *sampling = json_object_get(root, "sampling");

	(void)state;
	assert_int_equal(number(sampling, "mean_bytes"), 65536);
	assert_true(json_is_true(json_object_get(sampling, "estimates")));
	assert_int_equal(number(row, "bytes_low"), 2648000);
	assert_int_equal(number(row, "bytes_high"), 7352000);
	assert_int_equal(number(json_object_get(root, "when"), "bytes_low"), 8000000 - 2424386);
	assert_int_equal(number(json_object_get(root, "totals"), "peak_bytes_high"),
			 8000000 + 2424386);
	assert_int_equal(number(json_object_get(root, "totals"), "live_bytes_high"),
			 3200000 + 706688);
	json_decref(root);
	free(text);
	text = written("json", &options, "1", "2");
	root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	row = json_array_get(json_object_get(root, "rows"), 0);
	assert_int_equal(number(row, "bytes_diff"), 3000000);
	assert_int_equal(number(row, "bytes_diff_low"), 3000000 - 2191347);
	assert_int_equal(number(row, "bytes_diff_high"), 3000000 + 2191347);
	assert_true(json_is_object(json_object_get(json_object_get(root, "new"), "sampling")));
	json_decref(root);
	free(text);
}

static void info_tells_of_walks_and_their_verification(void **state)
{
	static const char *const parts[] = {
		"call stacks 1,300 captured, 20 of them finished by libunwind\n",
		"verified    100 compared with libunwind's: 3 differ\n",
	};
	struct error err;
	struct profile p;
	struct out out;
	size_t size;
	char *text;

	(void)state;
	load(&p, trace_sampled, "end");
	out_memory(&out, &text, &size);
	info_text(&out, &p);
	assert_int_equal(out_close(&out, &err), 0);
	check_text(text, parts, sizeof(parts) / sizeof(*parts));
	p.walks.different = 0;
	out_memory(&out, &text, &size);
	info_text(&out, &p);
	assert_int_equal(out_close(&out, &err), 0);
	assert_contains(text, "none differs");
	free(text);
	out_memory(&out, &text, &size);
	info_json(&out, &p);
	assert_int_equal(out_close(&out, &err), 0);
	assert_contains(text, "\"walks\":{\"captured\":1300,");
	assert_contains(text, "\"sampling\":{\"mean_bytes\":65536,");
	free(text);
	profile_release(&p);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sampled_trace_says_so),
		cmocka_unit_test(variances_go_with_the_moment),
		cmocka_unit_test(a_variance_may_change_without_its_bytes),
		cmocka_unit_test(tells_how_call_stacks_were_found),
		cmocka_unit_test(every_broken_rule_is_damage),
		cmocka_unit_test(an_interval_is_196_hundredths_of_a_deviation_wide),
		cmocka_unit_test(noise_is_what_may_be_nothing),
		cmocka_unit_test(a_report_says_that_it_estimates),
		cmocka_unit_test(a_diff_tells_noise_from_change),
		cmocka_unit_test(json_has_both_ends_of_each_interval),
		cmocka_unit_test(info_tells_of_walks_and_their_verification),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
