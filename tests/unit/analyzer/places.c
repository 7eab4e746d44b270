/* SPDX-License-Identifier: MIT */
/* Which frames are plumbing, when two places are one, and how a place reads. */
#include "report/places.h"

#include "check.h"
#include "report/place_text.h"
#include "report/skip.h"

static enum skip skip_of(const char *function, const char *file)
{
	const struct symbol_frame frame = {.function = function, .file = file, .line = 1};

	return skip_function(&frame);
}

static void allocators_and_their_wrappers_are_plumbing(void **state)
{
	static const char *const plumbing[] = {
		"malloc",
		"operator new",
		"operator new[]",
		"xmalloc",
		"g_malloc0_n",
		"PyMem_RawMalloc",
		"_PyObject_Realloc",
		"PyObject_Malloc",
		"g_slice_alloc",
		"je_malloc",
		"heapmark_alloc",
		"sqlite3MemMalloc",
		"__cxa_allocate_exception",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(plumbing) / sizeof(*plumbing); i++)
		assert_int_equal(skip_of(plumbing[i], NULL), SKIP_PLUMBING);
}

static void the_insides_of_libraries_are_passed_over(void **state)
{
	(void)state;
	assert_int_equal(skip_of("std::vector<int, std::allocator<int> >::push_back", "v.h"),
			 SKIP_LIBRARY);
	assert_int_equal(skip_of("__gnu_cxx::new_allocator<int>::allocate", NULL), SKIP_LIBRARY);
	assert_int_equal(skip_of("alloc::raw_vec::RawVec<T,A>::grow", "raw_vec.rs"), SKIP_LIBRARY);
	assert_int_equal(skip_of("alloc::pool::take", "pool.cc"), SKIP_NOT);
}

static void a_programs_own_functions_are_not(void **state)
{
	static const char *const own[] = {"main",
					  "parse_rows",
					  "standard::thing",
					  "my_malloc",
					  "Cache::operator new_thing",
					  "mallocator"};

	(void)state;
	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
		assert_int_equal(skip_of(own[i], "a.c"), SKIP_NOT);
	assert_int_equal(skip_of(NULL, NULL), SKIP_NOT);
}

static void people_can_name_more(void **state)
{
	const char *names[] = {"my_*", "Arena::grow", "libz.so*", "app+0x12*"};
	const struct option_list asked = {names, 4};
	const struct option_list nothing = {NULL, 0};
	const struct place mine = {.function = "my_malloc", .module = "app"};

	(void)state;
	assert_true(skip_asked(&mine, &asked));
	assert_false(skip_asked(&mine, &nothing));
	assert_true(skip_asked(&(struct place){.function = "f", .module = "libz.so.1"}, &asked));
	assert_true(skip_asked(&(struct place){.address = 0x123, .module = "app"}, &asked));
	assert_false(skip_asked(&(struct place){.address = 0x133, .module = "app"}, &asked));
	assert_false(skip_asked(&(struct place){.function = "main", .module = "app"}, &asked));
}

static void whole_modules_are_plumbing(void **state)
{
	static const struct {
		const char *name;
		uint64_t flags;
		enum skip skip;
	} cases[] = {
		{"libc.so.6", 0, SKIP_PLUMBING},
		{"libc-2.31.so", 0, SKIP_PLUMBING},
		{"ld-linux-x86-64.so.2", 0, SKIP_PLUMBING},
		{"ld-linux-aarch64.so.1", 0, SKIP_PLUMBING},
		{"ld-musl-x86_64.so.1", 0, SKIP_PLUMBING},
		{"libpthread.so.0", 0, SKIP_PLUMBING},
		{"libstdc++.so.6", 0, SKIP_LIBRARY},
		{"libheapmark.so", HEAPMARK_MODULE_SHIM, SKIP_SHIM},
		{"libcurl.so.4", 0, SKIP_NOT},
		{"libcrypto.so.3", 0, SKIP_NOT},
		{"app", HEAPMARK_MODULE_EXECUTABLE, SKIP_NOT},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct module module = {.name = cases[i].name, .flags = cases[i].flags};

		assert_int_equal(skip_module(&module), cases[i].skip);
	}
}

static void a_place_is_known_by_its_names(void **state)
{
	struct places places;
	struct place place = {.function = "f", .file = "a.c", .module = "app", .line = 3};
	uint32_t first, line_4;

	(void)state;
	places_init(&places);
	place.module_path = "/old/app";
	first = places_intern(&places, &place);
	place.module_path = "/new/app";
	assert_int_equal(places_intern(&places, &place), first);
	place.line = 4;
	line_4 = places_intern(&places, &place);
	assert_int_not_equal(line_4, first);
	assert_int_equal(places_coarsen(&places, first, GROUP_LINE), first);
	for (int group = GROUP_FUNCTION; group < GROUP_STACK; group++)
		assert_int_equal(places_coarsen(&places, first, (enum group)group),
				 places_coarsen(&places, line_4, (enum group)group));
	assert_string_equal(places_get(&places, first)->module_path, "/old/app");
	places_release(&places);
}

static void reads(const struct place *place, int columns, const char *expected)
{
	char *text = place_text(place, "/home/user/project", columns);

	assert_string_equal(text, expected);
	free(text);
}

static void a_place_reads_as_people_write_it(void **state)
{
	(void)state;
	reads(&(struct place){.function = "f", .file = "/home/user/project/src/a.c", .line = 7}, 0,
	      "f  src/a.c:7");
	reads(&(struct place){.function = "f", .file = "/usr/src/lib/deep/down/a.c", .line = 7}, 0,
	      "f  .../deep/down/a.c:7");
	reads(&(struct place){.function = "f", .file = "a/b.c", .line = 7}, 0, "f  a/b.c:7");
	reads(&(struct place){.function = "f", .module = "libz.so.1"}, 0, "f (libz.so.1)");
	reads(&(struct place){.module = "libz.so.1", .address = 0x123}, 0, "libz.so.1+0x123");
	reads(&(struct place){.address = 0x7f00}, 0, "0x7f00");
	reads(&(struct place){.module = "libz.so.1"}, 0, "libz.so.1");
	reads(&(struct place){.marker = HEAPMARK_MARKER_TRUNCATED}, 0, "[stack truncated]");
	reads(&(struct place){.marker = HEAPMARK_MARKER_UNKNOWN}, 0, "[unknown caller]");
}

static void a_place_fits_its_column(void **state)
{
	const struct place place = {
		.function = "a_function_with_a_rather_long_name_that_goes_on",
		.file = "/home/user/project/a.c",
		.line = 7,
	};

	(void)state;
	reads(&place, 30, "a_function_with_a_ra...  a.c:7");
	for (int columns = 24; columns < 80; columns++) {
		char *text = place_text(&place, "/", columns);

		assert_in_range(strlen(text), 1, columns);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(allocators_and_their_wrappers_are_plumbing),
		cmocka_unit_test(the_insides_of_libraries_are_passed_over),
		cmocka_unit_test(a_programs_own_functions_are_not),
		cmocka_unit_test(people_can_name_more),
		cmocka_unit_test(whole_modules_are_plumbing),
		cmocka_unit_test(a_place_is_known_by_its_names),
		cmocka_unit_test(a_place_reads_as_people_write_it),
		cmocka_unit_test(a_place_fits_its_column),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
