/* SPDX-License-Identifier: MIT */
/*
 * The symbolizer on small binaries whose answers are known (symbol_fixtures/). The fixtures'
 * directory is argv[1]. Where a label is, is asked of nm.
 */
#include "symbol/symbol.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "util/memory.h"

/* make gives this one to all but `rebuilt` and `noid`. */
static const uint8_t build_id[] = {0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99,
				   0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, 0x00, 0x11, 0x22, 0x33};
static const char *fixtures;
static struct symbolizer *symbolizer;

static char *fixture(const char *name)
{
	return xasprintf("%s/%s", fixtures, name);
}

static uint64_t label(const char *file, const char *name)
{
	char *command = xasprintf("nm '%s/%s'", fixtures, file);
	FILE *nm = popen(command, "r");
	uint64_t address, found = 0;
	char kind, symbol[256], line[512];

	assert_non_null(nm);
	while (fgets(line, sizeof(line), nm))
		if (sscanf(line, "%" SCNx64 " %c %255s", &address, &kind, symbol) == 3 &&
		    strcmp(symbol, name) == 0)
			found = address;
	pclose(nm);
	free(command);
	assert_int_not_equal(found, 0);
	return found;
}

static uint32_t module(const char *file, const uint8_t *id, size_t bytes)
{
	char *path = fixture(file);
	struct symbol_module description = {path, id, bytes};
	uint32_t handle = symbolizer_module(symbolizer, &description);

	free(path);
	return handle;
}

/* The frames at `name` in the recorded module `file`, whose labels are those of `labels`. */
static const struct symbol_frame *resolve(const char *file, const char *labels, const char *name,
					  size_t *count)
{
	return symbolizer_resolve(symbolizer, module(file, NULL, 0), label(labels, name), count);
}

static void check_frame(const struct symbol_frame *frame, const char *function, uint32_t line,
			bool inlined)
{
	assert_string_equal(frame->function, function);
	assert_non_null(frame->file);
	assert_string_equal(strrchr(frame->file, '/'), "/chain.c");
	assert_int_equal(frame->file[0], '/');
	assert_int_equal(frame->line, line);
	assert_int_equal(frame->inlined, inlined);
}

static void check_chain(const char *file, const char *labels)
{
	size_t count;
	const struct symbol_frame *frames = resolve(file, labels, "at_inner", &count);

	assert_int_equal(count, 4);
	check_frame(&frames[0], "inner", 100, true);
	check_frame(&frames[1], "middle", 200, true);
	check_frame(&frames[2], "outer", 300, true);
	check_frame(&frames[3], "function", 400, false);
	assert_ptr_equal(frames[0].file, frames[3].file);
	assert_int_equal(frames[0].from_line, 10);
	assert_int_equal(frames[1].from_line, 103);
	assert_int_equal(frames[2].from_line, 203);
	assert_int_equal(frames[3].from_line, 303);
	frames = resolve(file, labels, "at_function", &count);
	assert_int_equal(count, 1);
	check_frame(&frames[0], "function", 410, false);
}

static void follows_inlined_calls(void **state)
{
	static const char *const files[] = {"dwarf5",    "dwarf4", "nopie",
					    "shared.so", "clang5", "clang4"};

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		char *path = fixture(files[i]);

		if (access(path, R_OK) == 0) /* there may be no clang */
			check_chain(files[i], files[i]);
		free(path);
	}
}

static void repeats_its_answers(void **state)
{
	size_t count;
	const struct symbol_frame *first = resolve("dwarf5", "dwarf5", "at_inner", &count);

	(void)state;
	assert_ptr_equal(first, resolve("dwarf5", "dwarf5", "at_inner", &count));
	assert_int_equal(count, 4);
}

static void names_nothing_outside_extents(void **state)
{
	static const char *const files[] = {"noid", "symbols"};
	size_t count;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		const struct symbol_frame *frame = resolve(files[i], "noid", "at_gap", &count);

		assert_int_equal(count, 1);
		assert_null(frame->function);
		assert_null(frame->file);
		assert_int_equal(frame->line, 0);
	}
	assert_null(symbolizer_resolve(symbolizer, 0, UINT64_MAX, &count)->function);
	assert_null(symbolizer_resolve(symbolizer, 0, 0, &count)->function);
}

static void falls_back_on_symbols(void **state)
{
	const char *why;
	size_t count;
	const struct symbol_frame *frame = resolve("symbols", "noid", "at_inner", &count);

	(void)state;
	assert_int_equal(count, 1);
	assert_string_equal(frame->function, "function");
	assert_null(frame->file);
	frame = resolve("symbols", "noid", "at_plain", &count);
	assert_string_equal(frame->function, "plain");
	assert_int_equal(symbolizer_quality(symbolizer, module("symbols", NULL, 0), &why),
			 SYMBOL_NAMES);
	assert_non_null(strstr(why, "-g"));
}

static void unpacks_symbols(void **state)
{
	char *path = fixture("mini");
	size_t count;

	(void)state;
	if (access(path, R_OK) != 0) { /* there may be no xz */
		free(path);
		skip();
	}
	assert_string_equal(resolve("mini", "noid", "at_inner", &count)->function, "function");
	assert_string_equal(resolve("mini", "noid", "at_plain", &count)->function, "plain");
	assert_null(resolve("mini", "noid", "at_gap", &count)->function);
	free(path);
}

static void names_cplusplus(void **state)
{
	static const struct {
		const char *label, *function;
	} cases[] = {
		{"at_put", "shapes::Box<int>::put"},
		{"at_same_int", "shapes::same"},
		{"at_same_double", "shapes::same"},
		{"at_hidden", "shapes::(anonymous namespace)::Hidden::go"},
		{"at_lambda", "main::{lambda}::operator()"},
		{"at_call", "call"},
	};
	size_t count;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(resolve("names", "names", cases[i].label, &count)->function,
				    cases[i].function);
}

static void finds_debug_file_by_build_id(void **state)
{
	const char *why;

	(void)state;
	check_chain("stripped", "dwarf5");
	assert_int_equal(symbolizer_quality(symbolizer, module("stripped", NULL, 0), &why),
			 SYMBOL_LINES);
	assert_null(why);
}

/* The trace names it; the file itself need not be there any more. */
static void names_a_module_that_is_gone(void **state)
{
	uint32_t gone = module("no-such-file", build_id, sizeof(build_id));
	const char *why;
	size_t count;

	(void)state;
	assert_string_equal(
		symbolizer_resolve(symbolizer, gone, label("dwarf5", "at_inner"), &count)->function,
		"inner");
	assert_int_equal(symbolizer_quality(symbolizer, gone, &why), SYMBOL_LINES);
	assert_null(why);
}

static void finds_debug_file_by_link(void **state)
{
	(void)state;
	check_chain("linked/program", "noid");
}

static void distrusts_debug_file_of_other_checksum(void **state)
{
	size_t count;

	(void)state;
	assert_null(resolve("wrong/program", "noid", "at_inner", &count)->function);
}

static void distrusts_a_rebuilt_module(void **state)
{
	static const uint8_t other[] = {1, 2, 3, 4};
	uint32_t handle = module("rebuilt", other, sizeof(other));
	const char *why;
	size_t count;

	(void)state;
	assert_null(symbolizer_resolve(symbolizer, handle, label("rebuilt", "at_inner"), &count)
			    ->function);
	assert_int_equal(symbolizer_quality(symbolizer, handle, &why), SYMBOL_NONE);
	assert_non_null(strstr(why, "rebuilt"));
	assert_non_null(strstr(why, "build-id"));
}

static void tolerates_what_is_no_module(void **state)
{
	static const char *const files[] = {"no-such-file", "stamp", "."};
	struct symbol_module kernel = {.path = ""};
	const char *why;
	size_t count;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		uint32_t handle = module(files[i], NULL, 0);

		assert_null(symbolizer_resolve(symbolizer, handle, 0x1234, &count)->function);
		assert_int_equal(symbolizer_quality(symbolizer, handle, &why), SYMBOL_NONE);
		assert_non_null(strstr(why, files[i]));
	}
	assert_int_equal(
		symbolizer_quality(symbolizer, symbolizer_module(symbolizer, &kernel), &why),
		SYMBOL_NONE);
}

static int set_up(void **state)
{
	char *root = fixture("root");

	(void)state;
	symbolizer = symbolizer_new();
	symbolizer_set_debug_root(symbolizer, root);
	free(root);
	module("dwarf5", NULL, 0);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	symbolizer_free(symbolizer);
	return 0;
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		TEST(follows_inlined_calls),
		TEST(repeats_its_answers),
		TEST(names_nothing_outside_extents),
		TEST(falls_back_on_symbols),
		TEST(unpacks_symbols),
		TEST(names_cplusplus),
		TEST(finds_debug_file_by_build_id),
		TEST(names_a_module_that_is_gone),
		TEST(finds_debug_file_by_link),
		TEST(distrusts_debug_file_of_other_checksum),
		TEST(distrusts_a_rebuilt_module),
		TEST(tolerates_what_is_no_module),
	};

	if (argc != 2)
		return 2;
	fixtures = argv[1];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
