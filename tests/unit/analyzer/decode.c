/* SPDX-License-Identifier: MIT */
/* Records to model: what the sample holds, and what is no damage. Damage is in damage.c. */
#include "decode.h"

#include "check.h"
#include "load.h"
#include "model/split.h"
#include "trace_writer.h"

static void load_sample(struct profile *profile, const char *when)
{
	struct error err = ERROR_INIT;
	struct trace_writer w;

	trace_sample(&w);
	profile_init(profile);
	if (load_image(profile, w.file.bytes, w.file.size, when, &err) < 0)
		fail_msg("%s", err.text);
	trace_release(&w);
}

static const struct site *site_of(const struct profile *profile, uint32_t node, uint32_t domain)
{
	for (size_t i = 1; i < profile->site_count; i++)
		if (profile->sites[i].node == node && profile->sites[i].domain == domain)
			return &profile->sites[i];
	fail_msg("no site of node %u in domain %u", node, domain);
	return NULL;
}

static void reads_everything_about_the_process(void **state)
{
	struct profile p;

	(void)state;
	load_sample(&p, "end");
	assert_int_equal(p.process.pid, 42);
	assert_string_equal(p.process.executable, "/bin/app");
	assert_int_equal(p.arguments.count, 2);
	assert_string_equal(p.arguments.items[1], "--fast");
	assert_string_equal(p.environment.items[0], "MALLOC_ARENA_MAX=1");
	assert_string_equal(p.machine.libc, "glibc 2.36");
	assert_string_equal(p.options[0].value, "1s");
	assert_int_equal(p.module_count, 3);
	assert_string_equal(p.modules[2].name, "libc.so.6");
	assert_int_equal(p.modules[1].build_id_bytes, 3);
	assert_string_equal(p.domains[3].name, "pool:nodes");
	assert_int_equal(p.losses[HEAPMARK_LOSS_UNKNOWN_FREE], 5);
	assert_int_equal(p.cost.snapshot_ns, 5000);
	assert_true(profile_is_complete(&p));
	assert_int_equal(p.end.status, 3);
	assert_int_equal(profile_duration_ns(&p), 3100000000);
	assert_int_equal(p.timeline_count, 2);
	assert_int_equal(p.timeline[1].time_ns, 150);
	assert_int_equal(p.timeline[1].live_bytes, 5);
	assert_int_equal(p.timeline[1].resident_bytes, 8192);
	assert_int_equal(p.mismatch_count, 0);
	profile_release(&p);
}

/* Those of the largest addresses that tell blocks apart, and those that an unwinder has made up. */
static void knows_what_tells_blocks_apart(void **state)
{
	const struct trace_node nodes[] = {
		{5, 0, heapmark_split(HEAPMARK_SPLIT_SIZE, 12)},
		{6, 0, heapmark_split(HEAPMARK_SPLIT_THREAD, (3 << HEAPMARK_SPLIT_TID_BITS) | 77)},
		{5, 0, heapmark_split(15, 1)}, /* of a kind that this version does not know */
		{0, 0, UINT64_MAX - 1},
		{9, 1, 0x10},
		{0, 0, HEAPMARK_SPLIT_FIRST},
		{0, 0, heapmark_split(16, 1)},
	};
	const bool is_split[] = {true, true, true, false, false, false, false};
	uint64_t first, second;
	struct trace_writer w;
	struct error err;
	struct profile p;
	struct site *site;

	(void)state;
	trace_sample(&w);
	trace_nodes(&w, 6, nodes, 7);
	trace_member(&w);
	profile_init(&p);
	assert_int_equal(load_image(&p, w.file.bytes, w.file.size, "end", &err), 0);
	for (uint32_t i = 0; i < 7; i++)
		assert_int_equal(node_is_split(&p.nodes[6 + i]), is_split[i]);
	site = profile_site(&p, 7, HEAPMARK_DOMAIN_MALLOC);
	assert_int_equal(site->node, 5);
	assert_int_equal(site->leaf, 7);
	assert_true(split_sizes(split_of(&p, site, HEAPMARK_SPLIT_SIZE), &first, &second));
	assert_int_equal(first, 2048);
	assert_int_equal(second, 4096);
	assert_true(split_thread(split_of(&p, site, HEAPMARK_SPLIT_THREAD), &first, &second));
	assert_int_equal(first, 3);
	assert_int_equal(second, 77);
	site = profile_site(&p, 8, HEAPMARK_DOMAIN_MALLOC);
	assert_int_equal(site->node, 5);
	assert_false(split_sizes(split_of(&p, site, HEAPMARK_SPLIT_SIZE), &first, &second));
	assert_int_equal(profile_site(&p, 9, HEAPMARK_DOMAIN_MALLOC)->node, 9);
	profile_release(&p);
	trace_release(&w);
}

static void names_size_classes_and_threads(void **state)
{
	static const struct {
		unsigned size_class;
		const char *text;
	} sizes[] = {{4, "0-16 B"},         {5, "17-32 B"},       {10, "513-1024 B"},
		     {11, "1-2 KiB"},       {20, "512-1024 KiB"}, {21, "1-2 MiB"},
		     {41, "1-2 TiB"},       {63, "4-8 EiB"},      {64, "over 8 EiB"},
		     {3, "[unknown sizes]"}};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		char *text = split_text(heapmark_split(HEAPMARK_SPLIT_SIZE, sizes[i].size_class));

		assert_string_equal(text, sizes[i].text);
		free(text);
	}
}

static void reads_frames_with_parents_and_offsets(void **state)
{
	struct profile p;

	(void)state;
	load_sample(&p, "end");
	assert_int_equal(p.node_count, 6);
	assert_int_equal(p.nodes[3].parent, 2);
	assert_int_equal(p.nodes[3].offset, 0x9000);
	assert_int_equal(p.nodes[4].offset, 0x1300);
	assert_int_equal(p.nodes[5].module, 0);
	profile_release(&p);
}

static void a_site_that_did_not_change_has_its_live_values_at_a_new_peak(void **state)
{
	struct profile p;

	(void)state;
	load_sample(&p, "peak");
	assert_int_equal(site_of(&p, 3, 0)->chosen_bytes, 110);
	assert_int_equal(site_of(&p, 4, 0)->chosen_bytes, 50);
	assert_int_equal(site_of(&p, 4, 0)->now.peak_bytes, 50);
	assert_int_equal(site_of(&p, 4, 3)->chosen_bytes, 0);
	assert_int_equal(site_of(&p, 5, 1)->chosen_bytes, 4096);
	profile_release(&p);
}

static void keeps_the_chosen_moment_beside_the_end(void **state)
{
	static const struct {
		const char *when;
		uint64_t site_3, site_4;
	} cases[] = {{"1", 10, 0},  {"2", 100, 50},    {"mid", 100, 50}, {"2.5s", 100, 50},
		     {"1s", 10, 0}, {"3.05s", 20, 50}, {"3", 20, 50},    {"end", 20, 50}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct profile p;

		load_sample(&p, cases[i].when);
		assert_int_equal(site_of(&p, 3, 0)->chosen_bytes, cases[i].site_3);
		assert_int_equal(site_of(&p, 4, 0)->chosen_bytes, cases[i].site_4);
		assert_int_equal(site_of(&p, 3, 0)->now.live_bytes, 20);
		assert_int_equal(p.sum.live_bytes, 78);
		profile_release(&p);
	}
}

static void lists_the_moments_there_are(void **state)
{
	static const char *const wrong[] = {"4", "0", "0.5s", "99s", "nothing", "-1", "1x"};
	struct trace_writer w;

	(void)state;
	trace_sample(&w);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct error err = ERROR_INIT;
		struct profile p;

		profile_init(&p);
		assert_int_equal(load_image(&p, w.file.bytes, w.file.size, wrong[i], &err), -1);
		assert_contains(err.text, wrong[i]);
		assert_contains(err.text, "@1 to @3");
		assert_contains(err.text, "@mid");
		profile_release(&p);
	}
	trace_release(&w);
}

static int load_stream(struct trace_writer *w, struct profile *p, struct error *err)
{
	int ret;

	trace_member(w);
	profile_init(p);
	ret = load_image(p, w->file.bytes, w->file.size, "end", err);
	trace_release(w);
	return ret;
}

static void skips_what_a_later_minor_version_adds(void **state)
{
	struct error err = ERROR_INIT;
	struct trace_writer w;
	struct profile p;

	(void)state;
	trace_init(&w);
	trace_magic(&w, 1, 200);
	trace_process(&w, "/bin/app");
	trace_record(&w, 99);
	trace_text(&w, "something new");
	trace_record_end(&w);
	trace_record(&w, HEAPMARK_REC_END);
	trace_number(&w, 1);
	trace_number(&w, HEAPMARK_END_EXIT);
	trace_number(&w, 0);
	trace_text(&w, "a new field");
	trace_record_end(&w);
	assert_int_equal(load_stream(&w, &p, &err), 0);
	assert_true(p.end.seen);
	profile_release(&p);
}

static void refuses_a_later_major_version(void **state)
{
	struct error err = ERROR_INIT;
	struct trace_writer w;
	struct profile p;

	(void)state;
	trace_init(&w);
	trace_magic(&w, 2, 0);
	assert_int_equal(load_stream(&w, &p, &err), -1);
	assert_contains(err.text, "later heapmark");
	profile_release(&p);
}

static void refuses_gzip_files_of_others(void **state)
{
	struct error err = ERROR_INIT;
	struct trace_writer w;
	struct profile p;

	(void)state;
	trace_init(&w);
	buffer_append(&w.stream, "hello, world", 12);
	assert_int_equal(load_stream(&w, &p, &err), -1);
	assert_contains(err.text, "not a heapmark trace");
	profile_release(&p);
}

static void a_trace_must_say_whose_it_is(void **state)
{
	struct error err = ERROR_INIT;
	struct trace_writer w;
	struct profile p;

	(void)state;
	trace_init(&w);
	trace_magic(&w, 1, 0);
	assert_int_equal(load_stream(&w, &p, &err), -1);
	assert_contains(err.text, "which process");
	profile_release(&p);
}

static void states_sums_that_do_not_agree(void **state)
{
	const struct snapshot snapshot = {.index = 1, .totals = {.live_bytes = 17}};
	struct error err = ERROR_INIT;
	struct trace_writer w;
	struct profile p;

	(void)state;
	trace_begin(&w);
	trace_snapshot(&w, &snapshot);
	assert_int_equal(load_stream(&w, &p, &err), 0);
	assert_int_equal(p.mismatch_count, 1);
	assert_string_equal(p.mismatch.what, "live bytes");
	assert_int_equal(p.mismatch.total - p.mismatch.sum, 17);
	profile_release(&p);
}

static void an_exec_that_failed_is_not_the_end(void **state)
{
	const struct snapshot snapshot = {.index = 1};
	struct error err = ERROR_INIT;
	struct trace_writer w;
	struct profile p;

	(void)state;
	trace_begin(&w);
	trace_end(&w, 1, HEAPMARK_END_EXEC, 0);
	trace_snapshot(&w, &snapshot);
	assert_int_equal(load_stream(&w, &p, &err), 0);
	assert_false(profile_is_complete(&p));
	profile_release(&p);
}

static void blocks_inherited_over_a_fork_need_no_allocation(void **state)
{
	const struct snapshot snapshot = {.index = 1, .totals = {0, 0, 0, 0, 0, 2, 20, 2, 20, 0}};
	const struct trace_node node = {0, 0, 0x1234};
	const struct trace_site site = {1, 0, {0, 0, 0, 0, 0, 2, 20, 2, 20, 20}};
	struct error err = ERROR_INIT;
	struct trace_writer w;
	struct profile p;

	(void)state;
	trace_begin(&w);
	trace_nodes(&w, 1, &node, 1);
	trace_snapshot(&w, &snapshot);
	trace_sites(&w, &site, 1);
	assert_int_equal(load_stream(&w, &p, &err), 0);
	assert_int_equal(p.sites[1].now.frees, 0);
	assert_int_equal(p.mismatch_count, 0);
	profile_release(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_everything_about_the_process),
		cmocka_unit_test(reads_frames_with_parents_and_offsets),
		cmocka_unit_test(a_site_that_did_not_change_has_its_live_values_at_a_new_peak),
		cmocka_unit_test(keeps_the_chosen_moment_beside_the_end),
		cmocka_unit_test(lists_the_moments_there_are),
		cmocka_unit_test(skips_what_a_later_minor_version_adds),
		cmocka_unit_test(refuses_a_later_major_version),
		cmocka_unit_test(refuses_gzip_files_of_others),
		cmocka_unit_test(knows_what_tells_blocks_apart),
		cmocka_unit_test(names_size_classes_and_threads),
		cmocka_unit_test(a_trace_must_say_whose_it_is),
		cmocka_unit_test(states_sums_that_do_not_agree),
		cmocka_unit_test(an_exec_that_failed_is_not_the_end),
		cmocka_unit_test(blocks_inherited_over_a_fork_need_no_allocation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
