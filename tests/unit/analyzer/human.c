/* SPDX-License-Identifier: MIT */
/* Numbers to text and back. */
#include "util/human.h"

#include "check.h"

static void sizes_change_unit_before_they_need_five_digits(void **state)
{
	char text[HUMAN_BYTES];

	(void)state;
	assert_string_equal(human_size(text, 0), "0 B");
	assert_string_equal(human_size(text, 1023), "1023 B");
	assert_string_equal(human_size(text, 1024), "1.0 KiB");
	assert_string_equal(human_size(text, 1536), "1.5 KiB");
	assert_string_equal(human_size(text, (1 << 20) - 1), "1.0 MiB");
	assert_string_equal(human_size(text, UINT64_C(5) << 30), "5.0 GiB");
	assert_string_equal(human_size(text, UINT64_MAX), "16.0 EiB");
}

static void differences_carry_a_sign(void **state)
{
	char text[HUMAN_BYTES];

	(void)state;
	assert_string_equal(human_size_diff(text, 0), "0 B");
	assert_string_equal(human_size_diff(text, 2048), "+2.0 KiB");
	assert_string_equal(human_size_diff(text, -3), "-3 B");
	assert_string_equal(human_size_diff(text, INT64_MIN), "-8.0 EiB");
	assert_string_equal(human_count_diff(text, -1234), "-1,234");
	assert_string_equal(human_count_diff(text, 7), "+7");
}

static void counts_are_grouped(void **state)
{
	char text[HUMAN_BYTES];

	(void)state;
	assert_string_equal(human_count(text, 999), "999");
	assert_string_equal(human_count(text, 1000), "1,000");
	assert_string_equal(human_count(text, UINT64_MAX), "18,446,744,073,709,551,615");
}

static void durations_fit_their_size(void **state)
{
	char text[HUMAN_BYTES];

	(void)state;
	assert_string_equal(human_duration(text, 850), "850 ns");
	assert_string_equal(human_duration(text, 1200000), "1.2 ms");
	assert_string_equal(human_duration(text, UINT64_C(12350000000)), "12.35 s");
	assert_string_equal(human_duration(text, UINT64_C(200000000000)), "3 min 20 s");
	assert_string_equal(human_duration(text, UINT64_C(7500000000000)), "2 h 05 min");
}

static void reads_durations_with_units(void **state)
{
	struct error err = ERROR_INIT;
	uint64_t ns = 1;

	(void)state;
	assert_int_equal(human_parse_duration("--x", "200ms", &ns, &err), 0);
	assert_int_equal(ns, 200000000);
	assert_int_equal(human_parse_duration("--x", "1.5s", &ns, &err), 0);
	assert_int_equal(ns, 1500000000);
	assert_int_equal(human_parse_duration("--x", "2m", &ns, &err), 0);
	assert_int_equal(ns, UINT64_C(120000000000));
	assert_int_equal(human_parse_duration("--x", "0", &ns, &err), 0);
	assert_int_equal(ns, 0);
}

static void refuses_durations_that_are_none(void **state)
{
	static const char *const wrong[] = {"",    "s",    "1",      "1x",   "-1s",
					    "1s ", "..5s", "1.2.3s", "1e9s", "99999999999999h"};
	struct error err = ERROR_INIT;
	uint64_t ns;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_int_equal(human_parse_duration("--x", wrong[i], &ns, &err), -1);
	assert_contains(err.text, "--x");
}

static void a_number_of_hundreds_of_digits_is_none(void **state)
{
	struct error err = ERROR_INIT;
	char digits[1002];
	uint64_t value;

	(void)state;
	memset(digits, '9', sizeof(digits) - 1);
	digits[500] = '.';
	digits[sizeof(digits) - 1] = '\0';
	assert_int_equal(human_parse_size("--x", digits, &value, &err), -1);
	digits[sizeof(digits) - 2] = 's';
	assert_int_equal(human_parse_duration("--x", digits, &value, &err), -1);
}

static void reads_sizes_in_powers_of_1024(void **state)
{
	static const struct {
		const char *text;
		uint64_t bytes;
	} sizes[] = {{"0", 0},          {"4096", 4096},    {"512K", 524288}, {"512KiB", 524288},
		     {"1.5M", 1572864}, {"2MiB", 2097152}, {"1G", 1 << 30},  {"0.5GiB", 1 << 29}};
	static const char *const wrong[] = {"",    "K",     "512KB",       "512k", "1 K",
					    "-1K", "1T",    "x",           "1Ki",  "1KiBs",
					    "1e3", "1..5M", "99999999999G"};
	struct error err = ERROR_INIT;
	uint64_t bytes;

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		assert_int_equal(human_parse_size("--x", sizes[i].text, &bytes, &err), 0);
		assert_int_equal(bytes, sizes[i].bytes);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_int_equal(human_parse_size("--x", wrong[i], &bytes, &err), -1);
	assert_contains(err.text, "--x");
}

static void reads_whole_numbers_only(void **state)
{
	struct error err = ERROR_INIT;
	uint64_t count;

	(void)state;
	assert_int_equal(human_parse_count("--n", "18446744073709551615", &count, &err), 0);
	assert_true(count == UINT64_MAX);
	assert_int_equal(human_parse_count("--n", "18446744073709551616", &count, &err), -1);
	assert_int_equal(human_parse_count("--n", "", &count, &err), -1);
	assert_int_equal(human_parse_count("--n", "-1", &count, &err), -1);
	assert_int_equal(human_parse_count("--n", "3x", &count, &err), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_change_unit_before_they_need_five_digits),
		cmocka_unit_test(differences_carry_a_sign),
		cmocka_unit_test(counts_are_grouped),
		cmocka_unit_test(durations_fit_their_size),
		cmocka_unit_test(reads_durations_with_units),
		cmocka_unit_test(refuses_durations_that_are_none),
		cmocka_unit_test(a_number_of_hundreds_of_digits_is_none),
		cmocka_unit_test(reads_sizes_in_powers_of_1024),
		cmocka_unit_test(reads_whole_numbers_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
