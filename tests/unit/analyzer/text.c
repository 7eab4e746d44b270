/* SPDX-License-Identifier: MIT */
/* Strings, UTF-8, patterns, and the numbers of pairs. */
#include "check.h"
#include "util/pairs.h"
#include "util/strings.h"
#include "util/utf8.h"

static void equal_strings_are_one_pointer(void **state)
{
	struct strings strings = STRINGS_INIT;
	const char *abc = strings_text(&strings, "abc");

	(void)state;
	assert_ptr_equal(abc, strings_intern(&strings, "abcdef", 3));
	assert_ptr_equal(abc, strings_intern(&strings, "abc\0x", 5));
	assert_ptr_not_equal(abc, strings_text(&strings, "abd"));
	assert_string_equal(strings_intern(&strings, NULL, 0), "");
	strings_release(&strings);
}

static void patterns_match_as_in_a_shell(void **state)
{
	(void)state;
	assert_true(glob_match("std::*", "std::vector<int>::push_back"));
	assert_true(glob_match("*alloc*", "xmalloc"));
	assert_true(glob_match("a*b*c", "aXbXbXc"));
	assert_true(glob_match("ld-*.so*", "ld-2.31.so"));
	assert_true(glob_match("operator new[]", "operator new[]"));
	assert_true(glob_match("?", "x"));
	assert_true(glob_match("*", ""));
	assert_false(glob_match("?", ""));
	assert_false(glob_match("a*b*c", "aXbX"));
	assert_false(glob_match("malloc", "malloc_trim"));
}

static void takes_apart_what_is_utf8_and_what_is_not(void **state)
{
	static const struct {
		const char *bytes, *clean;
	} cases[] = {
		{"plain", "plain"},
		{"\xc3\xa9", "\xc3\xa9"},
		{"a\xff", "a\xef\xbf\xbd"},
		{"\xc3", "\xef\xbf\xbd"},
		{"\xc0\x80", "\xef\xbf\xbd\xef\xbf\xbd"},                 /* too long a form */
		{"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"}, /* a surrogate */
		{"\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"},
		{"\xf4\x90\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *clean = utf8_clean(cases[i].bytes);

		assert_string_equal(clean, cases[i].clean);
		free(clean);
	}
}

static void no_text_can_command_a_terminal(void **state)
{
	char *text = utf8_printable("\033[2Ja\xc2\x9b\n\x7f"
				    "b");

	(void)state;
	assert_string_equal(text, "?[2Ja???b");
	free(text);
	assert_int_equal(utf8_columns("a\xc3\xa9z"), 3);
}

static void pairs_are_numbered_once(void **state)
{
	struct pairs pairs = PAIRS_INIT;

	(void)state;
	for (uint32_t i = 0; i < 5000; i++)
		assert_int_equal(pairs_number(&pairs, i, i * 7), i + 1);
	for (uint32_t i = 0; i < 5000; i++)
		assert_int_equal(pairs_number(&pairs, i, i * 7), i + 1);
	assert_int_equal(pairs_number(&pairs, 7, 0), 5001);
	pairs_release(&pairs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_strings_are_one_pointer),
		cmocka_unit_test(patterns_match_as_in_a_shell),
		cmocka_unit_test(takes_apart_what_is_utf8_and_what_is_not),
		cmocka_unit_test(no_text_can_command_a_terminal),
		cmocka_unit_test(pairs_are_numbered_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
