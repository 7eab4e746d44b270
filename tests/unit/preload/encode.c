/* SPDX-License-Identifier: MIT */
/* The records of samples and of how call stacks were found, byte by byte as FORMAT.md has them. */
#include "encode.h"

#include "test.h"

static uint8_t bytes[256];

static struct writer begin(void)
{
	return (struct writer){bytes, bytes + sizeof(bytes), false};
}

static void check_bytes(const struct writer *out, const uint8_t *expected, size_t count)
{
	assert_false(out->bad);
	assert_int_equal(out->at - bytes, count);
	assert_memory_equal(bytes, expected, count);
}

static void a_sampled_trace_names_its_mean(void **state)
{
	static const uint8_t expected[] = {0x80, 0x80, 0x20};
	struct writer out = begin();

	(void)state;
	encode_sampling(&out, 512 << 10);
	check_bytes(&out, expected, sizeof(expected));
}

static void an_estimate_follows_the_site_before(void **state)
{
	static const uint8_t expected[] = {5, 0, 100, 101, 0x82, 0x01, 3, 102, 0};
	struct writer out = begin();
	uint32_t previous;

	(void)state;
	previous = encode_estimate(&out, 5, 0, 100, 101, 0);
	assert_int_equal(previous, 5);
	assert_int_equal(encode_estimate(&out, 135, 3, 102, 0, previous), 135);
	check_bytes(&out, expected, sizeof(expected));
}

static void no_estimate_is_longer_than_promised(void **state)
{
	struct writer out = begin();

	(void)state;
	encode_estimate(&out, UINT32_MAX, UINT32_MAX, UINT64_MAX, UINT64_MAX, 0);
	assert_in_range(out.at - bytes, 1, ENCODE_ESTIMATE_MAX);
}

static void walks_are_four_totals(void **state)
{
	static const uint8_t expected[] = {0x80, 0x01, 7, 6, 5};
	const struct walks walks = {128, 7, 6, 5};
	struct writer out = begin();

	(void)state;
	encode_walks(&out, &walks);
	check_bytes(&out, expected, sizeof(expected));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sampled_trace_names_its_mean),
		cmocka_unit_test(an_estimate_follows_the_site_before),
		cmocka_unit_test(no_estimate_is_longer_than_promised),
		cmocka_unit_test(walks_are_four_totals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
