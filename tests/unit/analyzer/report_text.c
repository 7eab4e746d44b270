/* SPDX-License-Identifier: MIT */
/* What people read: heads, tables, and what must be said of a trace that is not whole. */
#include <unistd.h>

#include "check.h"
#include "load.h"
#include "report/formats.h"
#include "report/info.h"
#include "report/text_head.h"
#include "trace_writer.h"

/* Writes a report, or with `second` a diff, of a trace as text; the caller frees it. */
static char *written(const struct trace_writer *w, struct report_options *options,
		     const char *first, const char *second)
{
	struct error err = ERROR_INIT;
	char path[] = "text-test-XXXXXX", name[64];
	struct report report;
	struct out out;
	size_t size;
	char *text;

	close(mkstemp(path));
	trace_save(w, path);
	report_init(&report, options);
	snprintf(name, sizeof(name), "%s@%s", path, first);
	assert_int_equal(report_load(&report, name, "peak", &err), 0);
	if (second) {
		snprintf(name, sizeof(name), "%s@%s", path, second);
		assert_int_equal(report_load(&report, name, "peak", &err), 0);
	}
	assert_int_equal(report_build(&report, &err), 0);
	out_memory(&out, &text, &size);
	(second ? text_write_diff : text_write_report)(&report, &out);
	assert_int_equal(out_close(&out, &err), 0);
	report_release(&report);
	unlink(path);
	return text;
}

static void a_report_says_what_was_recorded_and_where_memory_is(void **state)
{
	static const char *const parts[] = {
		"app  ./app --fast\n",
		"for 3.10 s; pid 42, 2 threads\n",
		"exited with status 3\n",
		"160 B in 4 blocks, at 2.50 s\n",
		"78 B in 3 blocks not freed\n",
		"178 B in 6 calls, 17 % of them temporary\n",
		"at the peak (2.50 s): 160 B in 4 blocks, by line\n",
		"      110 B   68.8%            3             4  app+0x1200\n",
		"       50 B   31.2%            1             2  app+0x1300\n",
		"not seen: 5 blocks freed or reallocated",
	};
	struct report_options options = {0};
	struct trace_writer w;
	char *text;

	(void)state;
	trace_sample(&w);
	text = written(&w, &options, "peak", NULL);
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		assert_contains(text, parts[i]);
	assert_null(strchr(text, '\033'));
	free(text);
	trace_release(&w);
}

static void rows_left_out_are_summed(void **state)
{
	struct report_options options = {.top = 1, .top_given = true};
	struct trace_writer w;
	char *text;

	(void)state;
	trace_sample(&w);
	text = written(&w, &options, "peak", NULL);
	assert_contains(
		text,
		"       50 B   31.2%            1             2  1 more row; -n 2 shows all\n");
	free(text);
	trace_release(&w);
}

static void a_diff_shows_both_moments(void **state)
{
	static const char *const parts[] = {
		"at snapshot 1 (1.00 s): 10 B in 1 block",
		"at snapshot 2 'mid' (2.00 s): 150 B in 3 blocks",
		"+140 B in +2 blocks, by line",
		" grown        +90 B        10 B       100 B            +1  app+0x1200\n",
	};
	struct report_options options = {0};
	struct trace_writer w;
	char *text;

	(void)state;
	trace_sample(&w);
	text = written(&w, &options, "1", "mid");
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		assert_contains(text, parts[i]);
	free(text);
	text = written(&w, &options, "end", "end");
	assert_contains(text, "nothing changed");
	free(text);
	trace_release(&w);
}

static void a_diff_has_the_columns_and_the_order_asked_for(void **state)
{
	struct report_options options = {
		.sort = METRIC_FUNCTION,
		.columns = {{METRIC_BLOCKS, METRIC_SHARE, METRIC_BYTES}, 3},
	};
	const char *first, *second;
	struct trace_writer w;
	char *text;

	(void)state;
	trace_sample(&w);
	text = written(&w, &options, "1", "mid");
	first = strstr(text, " grown            +1   -33.3%        +90 B        10 B       100 B "
			     " app+0x1200\n");
	second = strstr(text, "   new            +1   +33.3%        +50 B         0 B        50 B "
			      " app+0x1300\n");
	if (!first || !second || second < first)
		fail_msg("not in this order: %s", text);
	free(text);
	trace_release(&w);
}

static void stacks_stand_below_their_rows(void **state)
{
	struct report_options options = {.group = GROUP_STACK};
	struct trace_writer w;
	char *text;

	(void)state;
	trace_sample(&w);
	text = written(&w, &options, "peak", NULL);
	assert_contains(text, "  app+0x1200\n                                                  "
			      "app+0x1100\n");
	free(text);
	trace_release(&w);
}

/* The sample without its last member. */
static void a_cut_trace_says_so(void **state)
{
	struct report_options options = {0};
	struct trace_writer w;
	char *text;

	(void)state;
	trace_sample(&w);
	w.file.size -= 5;
	text = written(&w, &options, "end", NULL);
	assert_contains(text, "cut: the program was killed or is still running; data up to 2.00 s");
	assert_contains(text, "at the end (2.00 s): 150 B");
	free(text);
	trace_release(&w);
}

static void the_bound_of_a_peak_is_told(void **state)
{
	const struct snapshot snapshot = {
		.index = 1, .totals = {.peak_bytes = 0}, .peak_error_bytes = 4096, .threads = 3};
	struct report_options options = {0};
	struct trace_writer w;
	char *text;

	(void)state;
	trace_begin(&w);
	trace_snapshot(&w, &snapshot);
	trace_member(&w);
	text = written(&w, &options, "peak", NULL);
	assert_contains(text, "0 B (at most 4.0 KiB more) in 0 blocks");
	free(text);
	trace_release(&w);
}

static char *end_text(uint64_t how, uint64_t status)
{
	struct profile profile;
	char *text;

	profile_init(&profile);
	profile.end = (struct end){true, 1, how, status};
	text = text_end(&profile);
	profile_release(&profile);
	return text;
}

static void every_end_has_words(void **state)
{
	static const struct {
		uint64_t how, status;
		const char *text;
	} cases[] = {
		{HEAPMARK_END_EXIT, 3, "exited with status 3"},
		{HEAPMARK_END_EXIT_NOW, 0, "left by _exit() with status 0"},
		{HEAPMARK_END_QUICK_EXIT, 1, "left by quick_exit() with status 1"},
		{HEAPMARK_END_EXEC, 0, "executed another program"},
		{HEAPMARK_END_SIGNAL, 6, "killed by signal 6 (Aborted)"},
		{HEAPMARK_END_SIGNAL, 9999, "killed by signal 9999 (unknown)"},
		{77, 5, "ended with status 5"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *text = end_text(cases[i].how, cases[i].status);

		assert_string_equal(text, cases[i].text);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_report_says_what_was_recorded_and_where_memory_is),
		cmocka_unit_test(rows_left_out_are_summed),
		cmocka_unit_test(a_diff_shows_both_moments),
		cmocka_unit_test(a_diff_has_the_columns_and_the_order_asked_for),
		cmocka_unit_test(stacks_stand_below_their_rows),
		cmocka_unit_test(a_cut_trace_says_so),
		cmocka_unit_test(the_bound_of_a_peak_is_told),
		cmocka_unit_test(every_end_has_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
