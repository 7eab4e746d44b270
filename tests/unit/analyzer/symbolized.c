/* SPDX-License-Identifier: MIT */
/* Symbolized traces: what is read of them, what reports make of it, and that what is written is
 * what is read. */
#include <unistd.h>

#include "check.h"
#include "load.h"
#include "report/formats.h"
#include "report/info.h"
#include "trace_writer.h"
#include "write/symbols.h"

static void load(struct profile *profile, const struct trace_writer *w)
{
	struct error err = ERROR_INIT;

	profile_init(profile);
	if (load_image(profile, w->file.bytes, w->file.size, "end", &err) < 0)
		fail_msg("%s", err.text);
}

static void check_frame(const struct symbol_frame *frame, const char *function, const char *file,
			unsigned line, bool inlined)
{
	assert_string_equal(frame->function, function);
	if (file)
		assert_string_equal(frame->file, file);
	else
		assert_null(frame->file);
	assert_int_equal(frame->line, line);
	assert_int_equal(frame->inlined, inlined);
}

static void check_names(const struct symbols *symbols)
{
	const struct symbol_frame *frames;
	size_t count;

	frames = symbols_find(symbols, 1, 0x10ff, &count);
	assert_int_equal(count, 1);
	check_frame(&frames[0], "main", "/src/app.c", 10, false);
	frames = symbols_find(symbols, 1, 0x11ff, &count);
	assert_int_equal(count, 2);
	check_frame(&frames[0], "make", "/src/list.h", 7, true);
	assert_int_equal(frames[0].from_line, 5);
	check_frame(&frames[1], "work", "/src/app.c", 22, false);
	frames = symbols_find(symbols, 2, 0x8fff, &count);
	assert_int_equal(count, 1);
	check_frame(&frames[0], "malloc", NULL, 0, false);
	assert_null(symbols_find(symbols, 1, 0x12ff, &count));
	assert_null(symbols_find(symbols, 0, 0x12ff, &count));
	assert_null(symbols_find(symbols, 77, 0x12ff, &count));
	assert_null(symbols_module(symbols, 1)->why);
	assert_string_equal(symbols_module(symbols, 2)->why, "libc has no lines");
	assert_int_equal(symbols_module(symbols, 2)->quality, SYMBOL_NAMES);
	assert_int_equal(symbols_count(symbols), 3);
	assert_int_equal(symbols_module_count(symbols), 2);
}

static void names_are_read(void **state)
{
	struct trace_writer w;
	struct profile p;

	(void)state;
	trace_symbolized(&w);
	load(&p, &w);
	assert_true(profile_is_symbolized(&p));
	assert_true(profile_is_complete(&p));
	check_names(&p.symbols);
	profile_release(&p);
	trace_release(&w);
	trace_sample(&w);
	load(&p, &w);
	assert_false(profile_is_symbolized(&p));
	profile_release(&p);
	trace_release(&w);
}

static void what_is_said_later_replaces_it(void **state)
{
	struct trace_writer w;
	struct profile p;
	size_t count;

	(void)state;
	trace_symbolized(&w);
	trace_symbolized_module(&w, 1, HEAPMARK_SYMBOLS_NONE, 0);
	trace_member(&w);
	load(&p, &w);
	assert_null(symbols_find(&p.symbols, 1, 0x10ff, &count));
	assert_int_equal(symbols_module(&p.symbols, 1)->quality, SYMBOL_NONE);
	assert_non_null(symbols_find(&p.symbols, 2, 0x8fff, &count));
	profile_release(&p);
	trace_release(&w);
}

/* A file that holds the trace of `w`; the caller unlinks and frees it. */
static char *saved(const struct trace_writer *w)
{
	char *path = strdup("/tmp/heapmark-test-XXXXXX");

	close(mkstemp(path));
	trace_save(w, path);
	return path;
}

static char *report_text(struct trace_writer *w, int group)
{
	struct report_options options = {.group = group};
	struct error err = ERROR_INIT;
	char *path = saved(w), *text;
	struct report report;
	struct out out;
	size_t size;

	report_init(&report, &options);
	if (report_load(&report, path, "peak", &err) < 0 || report_build(&report, &err) < 0)
		fail_msg("%s", err.text);
	out_memory(&out, &text, &size);
	text_write_report(&report, &out);
	out_close(&out, &err);
	report_release(&report);
	unlink(path);
	free(path);
	return text;
}

static void reports_show_the_names(void **state)
{
	struct trace_writer w;
	char *text;

	(void)state;
	trace_symbolized(&w);
	text = report_text(&w, GROUP_LINE);
	assert_contains(text, "make  /src/list.h:7\n");
	assert_contains(text, "app+0x1300\n"); /* of which nothing is said */
	free(text);
	text = report_text(&w, GROUP_STACK);
	assert_contains(text, "work  /src/app.c:22");
	free(text);
	trace_release(&w);
}

/* Without the lines of malloc's caller, what the note says is from where it was symbolized. */
static void notes_say_where_names_were_missing(void **state)
{
	struct trace_writer w;
	char *text;

	(void)state;
	trace_symbolized(&w);
	trace_symbolized_module(&w, 1, HEAPMARK_SYMBOLS_NAMES, 7);
	trace_member(&w);
	text = report_text(&w, GROUP_LINE);
	assert_contains(text, "note: where this trace was symbolized: libc has no lines\n");
	free(text);
	trace_release(&w);
}

static void info_says_so(void **state)
{
	struct error err = ERROR_INIT;
	struct trace_writer w;
	struct profile p;
	struct out out;
	size_t size;
	char *text;

	(void)state;
	trace_symbolized(&w);
	load(&p, &w);
	out_memory(&out, &text, &size);
	info_text(&out, &p);
	info_json(&out, &p);
	out_close(&out, &err);
	assert_contains(text, "holds the names of 3 locations in 2 modules");
	assert_contains(text, "\"symbols\":{\"modules\":2,\"addresses\":3}");
	assert_contains(text, "\"symbols\":\"lines\"");
	free(text);
	profile_release(&p);
	trace_release(&w);
}

/* As many addresses as need several records, and a text that many of them share. */
static void add_many(struct symbols *symbols, uint32_t module)
{
	symbols_begin(symbols, module, SYMBOL_LINES, "something");
	for (uint32_t i = 0; i < 10000; i++) {
		struct symbol_frame *frames = symbols_add(symbols, module, 3 * i, 1 + i % 3);

		for (uint32_t j = 0; j <= i % 3; j++)
			frames[j] = (struct symbol_frame){
				.function = i % 7 ? "f" : NULL,
				.file = i % 2 ? "/a.c" : "/b.c",
				.line = i + j,
				.from_line = i / 2,
				.inlined = j < i % 3,
			};
	}
}

static void check_many(const struct symbols *symbols, uint32_t module)
{
	assert_string_equal(symbols_module(symbols, module)->why, "something");
	for (uint32_t i = 0; i < 10000; i++) {
		size_t count = 0;
		const struct symbol_frame *frames = symbols_find(symbols, module, 3 * i, &count);

		assert_int_equal(count, 1 + i % 3);
		assert_null(symbols_find(symbols, module, 3 * i + 1, &count));
		assert_int_equal(frames[i % 3].line, i + i % 3);
		assert_int_equal(frames[0].from_line, i / 2);
		assert_int_equal(frames[i % 3].inlined, false);
		assert_int_equal(frames[0].inlined, i % 3 > 0);
		assert_string_equal(frames[0].file, i % 2 ? "/a.c" : "/b.c");
		if (i % 7)
			assert_string_equal(frames[0].function, "f");
		else
			assert_null(frames[0].function);
	}
}

static void what_is_written_is_what_is_read(void **state)
{
	char path[] = "/tmp/heapmark-test-XXXXXX";
	struct trace_file file = TRACE_FILE_INIT;
	struct error err = ERROR_INIT;
	struct symbols symbols = {0};
	struct trace_writer w, stream;
	struct records records;
	struct profile p, again;

	(void)state;
	close(mkstemp(path));
	trace_sample(&w);
	load(&p, &w);
	add_many(&symbols, 2);
	symbols_begin(&symbols, 0, SYMBOL_NAMES, NULL);
	symbols_add(&symbols, 0, UINT64_MAX, 1)->function = "made";
	assert_int_equal(trace_file_open(&file, path, true, &err), 0);
	records_init(&records, &file);
	trace_sample_stream(&stream);
	buffer_append(&records.member, stream.stream.bytes, stream.stream.size);
	symbols_write(&records, &p, &symbols);
	records_flush(&records);
	records_release(&records);
	assert_int_equal(trace_file_commit(&file, &err), 0);
	trace_file_release(&file);
	profile_init(&again);
	if (load_trace(&again, path, NULL, NULL, &err) < 0)
		fail_msg("%s", err.text);
	check_many(&again.symbols, 2);
	assert_string_equal(symbols_find(&again.symbols, 0, UINT64_MAX, &(size_t){0})->function,
			    "made");
	assert_int_equal(symbols_module_count(&again.symbols), 2);
	unlink(path);
	profile_release(&p);
	profile_release(&again);
	symbols_release(&symbols);
	trace_release(&w);
	trace_release(&stream);
}

static void a_copy_of_a_cut_trace_is_cut(void **state)
{
	struct trace_writer w;
	struct profile p;

	(void)state;
	trace_sample(&w);
	trace_record(&w, HEAPMARK_REC_COPY_CUT);
	trace_number(&w, 5000);
	trace_number(&w, 4000);
	trace_record_end(&w);
	trace_member(&w);
	load(&p, &w);
	assert_true(p.end.seen);
	assert_false(profile_is_complete(&p));
	assert_int_equal(p.original_bytes, 5000);
	assert_int_equal(p.cut_offset, 4000);
	profile_release(&p);
	trace_release(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_read),
		cmocka_unit_test(what_is_said_later_replaces_it),
		cmocka_unit_test(reports_show_the_names),
		cmocka_unit_test(notes_say_where_names_were_missing),
		cmocka_unit_test(info_says_so),
		cmocka_unit_test(what_is_written_is_what_is_read),
		cmocka_unit_test(a_copy_of_a_cut_trace_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
