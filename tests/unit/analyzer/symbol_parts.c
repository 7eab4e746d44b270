/* SPDX-License-Identifier: MIT */
/* The symbolizer's pieces that need no binary: nested ranges, source paths, demangling. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "symbol/demangle.h"
#include "symbol/ranges.h"
#include "symbol/source_path.h"

static void finds_the_innermost_range(void **state)
{
	struct ranges ranges = {0};

	(void)state;
	ranges_add(&ranges, 100, 200, 1);
	ranges_add(&ranges, 100, 200, 2); /* the same extent, added later: inside */
	ranges_add(&ranges, 120, 140, 3);
	ranges_add(&ranges, 130, 135, 4);
	ranges_add(&ranges, 160, 170, 3); /* one owner, two ranges */
	ranges_add(&ranges, 50, 60, 5);
	ranges_add(&ranges, 70, 70, 6); /* empty */
	ranges_build(&ranges);
	for (uint64_t address = 0; address < 250; address++) {
		uint32_t expected = RANGES_NONE;

		if (address >= 50 && address < 60)
			expected = 5;
		if (address >= 100 && address < 200)
			expected = 2;
		if ((address >= 120 && address < 140) || (address >= 160 && address < 170))
			expected = 3;
		if (address >= 130 && address < 135)
			expected = 4;
		assert_int_equal(ranges_find(&ranges, address), expected);
	}
	ranges_release(&ranges);
}

static void survives_overlapping_ranges(void **state)
{
	struct ranges ranges = {0};

	(void)state;
	ranges_add(&ranges, 0, 10, 1);
	ranges_add(&ranges, 5, 15, 2);
	ranges_add(&ranges, UINT64_MAX - 4, UINT64_MAX, 3);
	ranges_build(&ranges);
	assert_int_equal(ranges_find(&ranges, 4), 1);
	assert_int_equal(ranges_find(&ranges, 5), 2);
	assert_int_equal(ranges_find(&ranges, 12), 2);
	assert_int_equal(ranges_find(&ranges, 15), RANGES_NONE);
	assert_int_equal(ranges_find(&ranges, UINT64_MAX - 1), 3);
	ranges_release(&ranges);
}

static void finds_nothing_in_no_ranges(void **state)
{
	struct ranges ranges = {0};

	(void)state;
	ranges_build(&ranges);
	assert_int_equal(ranges_find(&ranges, 0), RANGES_NONE);
	ranges_release(&ranges);
}

static void check_path(const char *directory, const char *path, const char *expected)
{
	char *result = source_path(directory, path);

	assert_string_equal(result, expected);
	free(result);
}

static void normalises_paths(void **state)
{
	(void)state;
	check_path("/build", "a.c", "/build/a.c");
	check_path("/build/x", "../src//./a.c", "/build/src/a.c");
	check_path("/build", "/usr/include/../lib/a.h", "/usr/lib/a.h");
	check_path(NULL, "./a.c", "a.c");
	check_path(NULL, "../../a.c", "../../a.c");
	check_path(NULL, "x/../../a.c", "../a.c");
	check_path(NULL, "/../a.c", "/a.c");
	check_path("/", "..", "/");
	check_path("", ".", ".");
	check_path("./glibc-2.36", "malloc.c", "glibc-2.36/malloc.c");
}

static void check_name(const char *linkage_name, const char *expected)
{
	char *result = demangle(linkage_name);

	if (expected)
		assert_string_equal(result, expected);
	else
		assert_null(result);
	free(result);
}

static void demangles(void **state)
{
	(void)state;
	check_name("_Z8overloadd", "overload");
	check_name("_ZN2ns3BoxIiE3addEi", "ns::Box<int>::add");
	check_name("_ZNSt6vectorIiSaIiEE9push_backERKi",
		   "std::vector<int, std::allocator<int> >::push_back");
	check_name("_ZN3FooC1Ev", "Foo::Foo");
	check_name("_ZN4core3fmt5Write9write_fmt17h0123456789abcdefE",
		   "core::fmt::Write::write_fmt");
	check_name("_RNvNtCs1234_7mycrate3foo3bar", "mycrate::foo::bar");
	check_name("_D8demangle4testFaZv", "demangle.test(char)");
	check_name("main", NULL);
	check_name("i", NULL);
	check_name("_Z_", NULL);
	check_name("_start", NULL);
	check_name("", NULL);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_innermost_range),
		cmocka_unit_test(survives_overlapping_ranges),
		cmocka_unit_test(finds_nothing_in_no_ranges),
		cmocka_unit_test(normalises_paths),
		cmocka_unit_test(demangles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
