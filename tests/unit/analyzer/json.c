/* SPDX-License-Identifier: MIT */
/* The JSON contract: names, nulls, and text that is not UTF-8. */
#include <jansson.h>
#include <unistd.h>

#include "check.h"
#include "load.h"
#include "report/formats.h"
#include "report/info.h"
#include "report/json_value.h"
#include "trace_writer.h"

/* Writes the sample's report or diff, and reads it back. */
static json_t *written(struct report_options *options, bool diff, const char *when)
{
	struct error err = ERROR_INIT;
	char path[] = "json-test-XXXXXX", name[64];
	struct report report;
	struct trace_writer w;
	json_error_t where;
	struct out out;
	size_t size;
	char *text;
	json_t *root;

	close(mkstemp(path));
	trace_sample(&w);
	trace_save(&w, path);
	trace_release(&w);
	snprintf(name, sizeof(name), "%s@%s", path, when);
	report_init(&report, options);
	assert_int_equal(report_load(&report, name, "peak", &err), 0);
	if (diff)
		assert_int_equal(report_load(&report, path, "peak", &err), 0);
	assert_int_equal(report_build(&report, &err), 0);
	out_memory(&out, &text, &size);
	(diff ? json_write_diff : json_write_report)(&report, &out);
	assert_int_equal(out_close(&out, &err), 0);
	report_release(&report);
	unlink(path);
	root = json_loads(text, JSON_REJECT_DUPLICATES, &where);
	if (!root)
		fail_msg("%s in %s", where.text, text);
	free(text);
	return root;
}

static json_int_t number(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);

	if (!json_is_integer(value))
		fail_msg("%s is no number", name);
	return json_integer_value(value);
}

static void reports_keep_the_contract(void **state)
{
	static const char *const row_names[] = {
		"blocks",     "bytes",       "peak_bytes",      "peak_blocks", "end_bytes",
		"end_blocks", "allocations", "allocated_bytes", "temporary",   "line"};
	struct report_options options = {0};
	json_t *root = written(&options, false, "peak");
	json_t *when = json_object_get(root, "when"), *totals = json_object_get(root, "totals");
	json_t *row = json_array_get(json_object_get(root, "rows"), 0);

	(void)state;
	assert_string_equal(json_string_value(json_object_get(root, "schema")),
			    "heapmark.report/1");
	assert_string_equal(json_string_value(json_object_get(when, "kind")), "peak");
	assert_true(json_is_null(json_object_get(when, "index")));
	assert_int_equal(number(when, "bytes"), 160);
	assert_int_equal(number(totals, "live_bytes"), 78);
	assert_int_equal(number(totals, "peak_bytes"), 160);
	assert_int_equal(number(totals, "peak_error_bytes"), 0);
	assert_int_equal(number(json_object_get(root, "losses"), "unknown_free"), 5);
	assert_int_equal(json_array_size(json_object_get(root, "rows")), 2);
	for (size_t i = 0; i < sizeof(row_names) / sizeof(*row_names); i++)
		number(row, row_names[i]);
	assert_true(json_is_null(json_object_get(row, "function")));
	assert_true(json_is_null(json_object_get(row, "file")));
	assert_string_equal(json_string_value(json_object_get(row, "module")), "/nowhere/app");
	assert_string_equal(json_string_value(json_object_get(row, "address")), "0x1200");
	json_decref(root);
}

static void the_head_says_what_was_recorded(void **state)
{
	struct report_options options = {0};
	json_t *root = written(&options, false, "mid");
	json_t *trace = json_object_get(root, "trace"), *when = json_object_get(root, "when");

	(void)state;
	assert_string_equal(json_string_value(json_object_get(trace, "program")), "/bin/app");
	assert_string_equal(json_string_value(json_array_get(json_object_get(trace, "command"), 1)),
			    "--fast");
	assert_string_equal(json_string_value(json_object_get(trace, "start_time")),
			    "2023-11-14T22:13:20.123456Z");
	assert_true(json_is_true(json_object_get(trace, "complete")));
	assert_int_equal(number(trace, "pid"), 42);
	assert_int_equal(number(trace, "threads"), 2);
	assert_string_equal(json_string_value(json_object_get(when, "kind")), "snapshot");
	assert_int_equal(number(when, "index"), 2);
	assert_int_equal(number(when, "bytes"), 150);
	json_decref(root);
}

static void stacks_are_innermost_first(void **state)
{
	struct report_options options = {.group = GROUP_STACK};
	json_t *root = written(&options, false, "peak");
	json_t *row = json_array_get(json_object_get(root, "rows"), 0);
	json_t *stack = json_object_get(row, "stack"), *frame = json_array_get(stack, 0);

	(void)state;
	assert_int_equal(json_array_size(stack), 3);
	assert_string_equal(json_string_value(json_object_get(frame, "module")),
			    "/nowhere/libc.so.6");
	assert_string_equal(json_string_value(json_object_get(frame, "address")), "0x9000");
	assert_true(json_is_false(json_object_get(frame, "inlined")));
	json_decref(root);
}

static void top_limits_the_rows_and_not_the_sums(void **state)
{
	struct report_options options = {.top = 1, .top_given = true};
	json_t *root = written(&options, false, "peak");

	(void)state;
	assert_int_equal(json_array_size(json_object_get(root, "rows")), 1);
	assert_int_equal(number(root, "row_count"), 2);
	assert_int_equal(number(json_object_get(root, "when"), "bytes"), 160);
	json_decref(root);
}

static void diffs_keep_the_contract(void **state)
{
	struct report_options options = {.is_diff = true};
	json_t *root = written(&options, true, "1"); /* a snapshot, and the peak */
	json_t *row = json_array_get(json_object_get(root, "rows"), 0);

	(void)state;
	assert_string_equal(json_string_value(json_object_get(root, "schema")), "heapmark.diff/1");
	assert_non_null(json_object_get(json_object_get(root, "old"), "when"));
	assert_non_null(json_object_get(json_object_get(root, "new"), "totals"));
	assert_int_equal(number(row, "bytes_old"), 10);
	assert_int_equal(number(row, "bytes_new"), 110);
	assert_int_equal(number(row, "bytes_diff"), 100);
	assert_int_equal(number(row, "blocks_old"), 1);
	assert_int_equal(number(row, "blocks_diff"), 2);
	assert_int_equal(number(row, "allocations_old"), 1); /* until then */
	assert_int_equal(number(row, "allocations_new"), 4); /* of the whole run */
	assert_int_equal(number(row, "allocations_diff"), 3);
	assert_int_equal(number(row, "allocated_bytes_old"), 10);
	assert_int_equal(number(row, "allocated_bytes_new"), 120);
	assert_string_equal(json_string_value(json_object_get(row, "status")), "grown");
	assert_string_equal(json_string_value(json_object_get(row, "match")), "exact");
	json_decref(root);
}

static void info_holds_the_timeline_and_the_modules(void **state)
{
	struct error err = ERROR_INIT;
	struct profile profile;
	struct trace_writer w;
	struct out out;
	size_t size;
	char *text;
	json_t *root;

	(void)state;
	trace_sample(&w);
	profile_init(&profile);
	assert_int_equal(load_image(&profile, w.file.bytes, w.file.size, "end", &err), 0);
	trace_release(&w);
	out_memory(&out, &text, &size);
	info_json(&out, &profile);
	assert_int_equal(out_close(&out, &err), 0);
	profile_release(&profile);
	root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	free(text);
	assert_int_equal(json_array_size(json_object_get(root, "timeline")), 2);
	assert_string_equal(
		json_string_value(json_object_get(
			json_array_get(json_object_get(root, "modules"), 0), "build_id")),
		"1234ab");
	assert_int_equal(number(json_object_get(root, "end"), "status"), 3);
	json_decref(root);
}

static void bytes_that_are_not_text_are_replaced(void **state)
{
	json_t *value = json_text("a\xff"
				  "b");

	(void)state;
	assert_string_equal(json_string_value(value), "a\xef\xbf\xbd"
						      "b");
	json_decref(value);
	value = json_count(UINT64_MAX);
	assert_true(json_integer_value(value) == INT64_MAX);
	json_decref(value);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reports_keep_the_contract),
		cmocka_unit_test(the_head_says_what_was_recorded),
		cmocka_unit_test(stacks_are_innermost_first),
		cmocka_unit_test(top_limits_the_rows_and_not_the_sums),
		cmocka_unit_test(diffs_keep_the_contract),
		cmocka_unit_test(info_holds_the_timeline_and_the_modules),
		cmocka_unit_test(bytes_that_are_not_text_are_replaced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
