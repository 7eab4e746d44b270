/* SPDX-License-Identifier: MIT */
/* The live map against a plain array of what should be in it. */
#include "live.h"

#include <string.h>

#include "test.h"

#define SLOTS 4096

struct model {
	uint64_t address, size;
	uint32_t site;
};

/* Addresses of every kind: neighbours, far apart, odd ones, at the limits of the table. */
static uint64_t address_of(unsigned slot)
{
	switch (slot % 4) {
	case 0:
		return 0x555500000000 + slot * 16;
	case 1:
		return 0x7fff00000000 + (uint64_t)slot * 1234567 * 16;
	case 2:
		return 0x600000000008 + slot * 8 * 16; /* 8 modulo 16 */
	default:
		return (1ull << 47) + slot * 32; /* above user space on this machine */
	}
}

static uint64_t some_size(uint64_t *seed)
{
	switch (test_below(seed, 8)) {
	case 0:
		return 0;
	case 1:
		return (1ull << 30) - 2 + test_below(seed, 4); /* around the limit of a cell */
	case 2:
		return 1ull << 40;
	default:
		return test_below(seed, 100000);
	}
}

static void agrees_with_a_model(void **state)
{
	static struct model model[SLOTS];
	uint64_t seed = 1;

	(void)state;
	for (int i = 0; i < 300000; i++) {
		struct model *slot = &model[test_below(&seed, SLOTS)];
		uint64_t address = address_of((unsigned)(slot - model));
		struct live_block entry, old;

		assert_int_equal(live_is_known(LIVE_HEAP, (void *)address), slot->site != 0);
		if (test_below(&seed, 2)) {
			entry = (struct live_block){1 + (uint32_t)test_below(&seed, LIVE_OWN),
						    some_size(&seed)};
			assert_true(live_put(LIVE_HEAP, (void *)address, entry, &old));
			assert_int_equal(old.site, slot->site);
			assert_true(!old.site || old.size == slot->size);
			*slot = (struct model){address, entry.size, entry.site};
		} else {
			old = live_take(LIVE_HEAP, (void *)address);
			assert_int_equal(old.site, slot->site);
			assert_true(!old.site || old.size == slot->size);
			slot->site = 0;
		}
	}
	for (unsigned i = 0; i < SLOTS; i++)
		live_take(LIVE_HEAP, (void *)address_of(i));
}

static void keeps_maps_apart(void **state)
{
	struct live_block old;
	void *block = (void *)0x10000;

	(void)state;
	assert_true(live_put(LIVE_HEAP, block, (struct live_block){1, 10}, &old));
	assert_true(live_put(LIVE_PIECES, block, (struct live_block){2, 20}, &old));
	assert_int_equal(old.site, 0);
	assert_int_equal(live_take(LIVE_HEAP, block).size, 10);
	assert_int_equal(live_take(LIVE_PIECES, block).size, 20);
}

static void finds_the_block_around_an_address(void **state)
{
	struct live_block old, found;
	uint64_t start = 0x40000000;

	(void)state;
	live_put(LIVE_HEAP, (void *)start, (struct live_block){7, 5 << 20}, &old);
	assert_true(live_spanning(LIVE_HEAP, (void *)start, &found) == start);
	assert_true(live_spanning(LIVE_HEAP, (void *)(start + (5 << 20) - 1), &found) == start);
	assert_int_equal(found.site, 7);
	assert_true(live_spanning(LIVE_HEAP, (void *)(start + (5 << 20)), &found) == 0);
	assert_true(live_spanning(LIVE_HEAP, (void *)(start - 1), &found) == 0);
	live_take(LIVE_HEAP, (void *)start);
}

static uint64_t taken_blocks, taken_bytes;

static void count(struct live_block entry)
{
	taken_blocks++;
	taken_bytes += entry.size;
}

static void takes_a_range(void **state)
{
	uint64_t start = 0x50000000, end = start + (3 << 20), inside = 0, outside = 0;
	struct live_block old;

	(void)state;
	for (uint64_t at = start - 4096; at < end + 4096; at += 24) {
		live_put(LIVE_PIECES, (void *)at, (struct live_block){3, 24}, &old);
		inside += at >= start && at < end;
		outside += at < start || at >= end;
	}
	live_take_range(LIVE_PIECES, start, end, count);
	assert_int_equal(taken_blocks, inside);
	assert_int_equal(taken_bytes, inside * 24);
	taken_blocks = 0;
	live_take_range(LIVE_PIECES, start - 4096, end + 4096, count);
	assert_int_equal(taken_blocks, outside);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_a_model),
		cmocka_unit_test(keeps_maps_apart),
		cmocka_unit_test(finds_the_block_around_an_address),
		cmocka_unit_test(takes_a_range),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
