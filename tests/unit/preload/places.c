/* SPDX-License-Identifier: MIT */
/* Modules by the addresses in them, while they come and go. */
#include "places.h"

#include "test.h"

#define MODULES 500
#define BYTES   0x1000u

static bool present[MODULES + 1];

/* In no order, side by side or with a gap of one module between. */
static uint64_t start_of(uint32_t module)
{
	return 0x100000u + (uint64_t)(module * 7919 % 1009) * BYTES;
}

static void check_all(void)
{
	for (uint32_t id = 1; id <= MODULES; id++) {
		uint64_t start = start_of(id);
		uint32_t found = present[id] ? id : 0;

		assert_int_equal(places_find(start + 1), found);
		assert_int_equal(places_find(start + BYTES / 2), found);
		/* A call may be the last instruction, and is never before the first. */
		assert_int_equal(places_find(start + BYTES), found);
		if (places_find(start))
			assert_int_equal(start_of(places_find(start)) + BYTES, start);
	}
	assert_int_equal(places_find(0), 0);
	assert_int_equal(places_find(0x100000u), 0);
	assert_int_equal(places_find(UINT64_MAX), 0);
}

static void knows_what_is_present(void **state)
{
	uint64_t seed = 5;

	(void)state;
	check_all();
	for (int i = 0; i < 3000; i++) {
		uint32_t id = (uint32_t)(1 + test_below(&seed, MODULES));

		if (present[id])
			places_remove(id);
		else
			assert_true(places_add(start_of(id), start_of(id) + BYTES, id));
		present[id] = !present[id];
		if (i % 50 == 0)
			check_all();
	}
	places_remove(MODULES + 1); /* was never there */
	check_all();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_what_is_present),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
