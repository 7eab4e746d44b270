/* SPDX-License-Identifier: MIT */
#include "text.h"

#include <string.h>

#include "test.h"

static void builds_from_strings_and_numbers(void **state)
{
	char buffer[64];
	struct text text;

	(void)state;
	text_init(&text, buffer, sizeof(buffer));
	text_add(&text, "pid ");
	text_add_number(&text, 0);
	text_add(&text, " ");
	text_add_number(&text, UINT64_MAX);
	text_add(&text, " ");
	text_add_hex(&text, 0xdeadbeef);
	assert_string_equal(buffer, "pid 0 18446744073709551615 deadbeef");
	assert_false(text.full);
}

static void drops_what_does_not_fit_and_says_so(void **state)
{
	char buffer[8] = "xxxxxxx";
	struct text text;

	(void)state;
	text_init(&text, buffer, 5);
	text_add(&text, "abcdefgh");
	assert_true(text.full);
	assert_string_equal(buffer, "abcd");
	assert_int_equal(buffer[5], 'x');
	text_add(&text, "z");
	assert_string_equal(buffer, "abcd");
}

static void reads_numbers_and_refuses_what_is_none(void **state)
{
	const char *rest;
	uint64_t number;

	(void)state;
	assert_true(text_number("42ms", &number, &rest));
	assert_int_equal(number, 42);
	assert_string_equal(rest, "ms");
	assert_true(text_number("18446744073709551615", &number, &rest));
	assert_true(number == UINT64_MAX);
	assert_false(text_number("18446744073709551616", &number, &rest));
	assert_false(text_number("", &number, &rest));
	assert_false(text_number("-1", &number, &rest));
}

static void finds_the_last_part_of_a_path(void **state)
{
	(void)state;
	assert_string_equal(text_basename("/usr/bin/env"), "env");
	assert_string_equal(text_basename("env"), "env");
	assert_string_equal(text_basename("dir/"), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(builds_from_strings_and_numbers),
		cmocka_unit_test(drops_what_does_not_fit_and_says_so),
		cmocka_unit_test(reads_numbers_and_refuses_what_is_none),
		cmocka_unit_test(finds_the_last_part_of_a_path),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
