/* SPDX-License-Identifier: MIT */
/* The live map against a plain array of what should be in it. The argument is how the map is laid
 * out: "close" (as it is by itself), "apart" (blocks are 32 bytes apart), "few" (no table). */
#include "live.h"
#include "live_words.h"

#include <stdbool.h>
#include <string.h>

#include "config.h"
#include "test.h"
#include "watch.h"

#define SLOTS 4096
#define LARGE (16u << 10) /* from here on a block is not in the table */

static uint64_t gap = 16; /* between the beginnings of two blocks */

struct model {
	struct live_block entry;
	bool is_close; /* another allocator's */
};
static struct model model[SLOTS];

/* Addresses of every kind: neighbours, far apart, odd ones, across a leaf's end, at the limits of
 * the table. */
static uint64_t address_of(unsigned slot)
{
	switch (slot % 5) {
	case 0:
		return 0x555500000000 + slot / 5 * gap;
	case 1:
		return 0x7fff00000000 + (uint64_t)slot * 1234567 * 32;
	case 2:
		return 0x600000000008 + slot * 8 * 16; /* 8 modulo 16 */
	case 3:
		return 0x666600100000 - SLOTS / 10 * gap + slot / 5 * gap;
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
		return LARGE - 2 + test_below(seed, 4);
	case 2:
		return (1ull << 40) + test_below(seed, 1000);
	default:
		return test_below(seed, 2 * LARGE);
	}
}

static struct live_block some_entry(uint64_t *seed)
{
	return (struct live_block){
		.site = 1 + (uint32_t)test_below(seed, LIVE_OWN),
		.is_arena = test_below(seed, 2),
		.size = some_size(seed),
	};
}

static void check_same(struct live_block got, struct live_block expected)
{
	assert_int_equal(got.site, expected.site);
	if (!expected.site)
		return;
	assert_int_equal(got.size, expected.size);
	assert_int_equal(got.is_arena, expected.is_arena);
}

static void put(struct model *slot, const void *block, struct live_block entry, bool is_close)
{
	struct live_block old;

	if (is_close)
		assert_true(live_put_close(block, entry, &old));
	else
		assert_true(live_put(LIVE_HEAP, block, entry, &old));
	check_same(old, slot->entry);
	slot->entry = entry;
}

static void agrees_with_a_model(void **state)
{
	uint64_t seed = 1;

	(void)state;
	for (int i = 0; i < 500000; i++) {
		struct model *slot = &model[test_below(&seed, SLOTS)];
		const void *block = (void *)address_of((unsigned)(slot - model));
		bool known = slot->entry.site != 0;

		assert_int_equal(live_is_known(LIVE_HEAP, block), known);
		if (known && live_layout.no_cells)
			assert_true(watch_may_have(block));
		if (test_below(&seed, 2)) {
			put(slot, block, some_entry(&seed), test_below(&seed, 4) == 0);
		} else {
			check_same(live_take(LIVE_HEAP, block), slot->entry);
			slot->entry.site = 0;
		}
	}
}

static void check_spanned(uint64_t start, struct live_block entry, uint64_t at)
{
	struct live_block found = {.site = 0};
	bool inside = at - start < entry.size;
	uint64_t got = live_spanning(LIVE_HEAP, (void *)at, &found);

	assert_true(inside ? got == start : got == 0);
	if (inside)
		check_same(found, entry);
}

/* Blocks that do not overlap. With 16 bytes between them, the addresses of one map are even. */
static void finds_the_block_around_an_address(void **state)
{
	uint64_t seed = 3, start = 0x40000000;

	(void)state;
	for (int i = 0; i < 400; i++) {
		struct live_block entry = {.site = 7, .size = test_below(&seed, 3 * LARGE)};
		struct live_block old;
		uint64_t next = (start + entry.size + 64) & ~15ull;

		if (i % 4 == 0)
			start += 8;
		assert_true(i % 8 ? live_put(LIVE_HEAP, (void *)start, entry, &old)
				  : live_put_close((void *)start, entry, &old));
		check_spanned(start, entry, start);
		check_spanned(start, entry, start + entry.size / 2);
		check_spanned(start, entry, start + entry.size - (entry.size > 0));
		check_spanned(start, entry, start + entry.size);
		check_spanned(start, entry, start - 1);
		start = next;
	}
}

/* What a huge block covers has no tables. */
static void finds_a_huge_block_around_an_address(void **state)
{
	struct live_block huge = {.site = 9, .size = 1ull << 40}, old;
	uint64_t start = 0x10000000000;

	(void)state;
	assert_true(live_put(LIVE_HEAP, (void *)start, huge, &old));
	check_spanned(start, huge, start + huge.size - 1);
	check_spanned(start, huge, start + huge.size);
	check_spanned(start, huge, start + huge.size / 3);
	live_take(LIVE_HEAP, (void *)start);
	assert_int_equal(live_spanning(LIVE_HEAP, (void *)(start + 1), &old), 0);
}

static void keeps_maps_apart(void **state)
{
	struct live_block old;
	void *block = (void *)0x10000;

	(void)state;
	assert_true(live_put(LIVE_HEAP, block, (struct live_block){.site = 1, .size = 10}, &old));
	assert_true(live_put(LIVE_PIECES, block, (struct live_block){.site = 2, .size = 20}, &old));
	assert_int_equal(old.site, 0);
	assert_int_equal(live_take(LIVE_HEAP, block).size, 10);
	assert_int_equal(live_take(LIVE_PIECES, block).size, 20);
}

/* Pieces may be as close as can be in every layout. */
static void keeps_neighbouring_pieces_apart(void **state)
{
	uint64_t start = 0x30000000;
	struct live_block old;

	(void)state;
	for (uint64_t i = 0; i < 10000; i++)
		live_put(LIVE_PIECES, (void *)(start + i * 8),
			 (struct live_block){.site = 1 + (uint32_t)i, .size = i}, &old);
	for (uint64_t i = 0; i < 10000; i++)
		check_same(live_take(LIVE_PIECES, (void *)(start + i * 8)),
			   (struct live_block){.site = 1 + (uint32_t)i, .size = i});
}

static void keeps_another_allocators_neighbours_apart(void **state)
{
	uint64_t start = 0x38000000;
	struct live_block old;

	(void)state;
	for (uint64_t i = 0; i < 10000; i++)
		live_put_close((void *)(start + i * 16),
			       (struct live_block){.site = 1 + (uint32_t)i, .size = i}, &old);
	for (uint64_t i = 0; i < 10000; i++)
		check_same(live_take(LIVE_HEAP, (void *)(start + i * 16)),
			   (struct live_block){.site = 1 + (uint32_t)i, .size = i});
}

struct taken {
	uint64_t blocks, bytes;
};

static void count(struct live_block entry, void *context)
{
	struct taken *taken = context;

	taken->blocks++;
	taken->bytes += entry.size;
}

static void takes_a_range(void **state)
{
	uint64_t start = 0x50000000, end = start + (3 << 20), inside = 0, outside = 0;
	struct taken first = {0, 0}, rest = {0, 0}, none = {0, 0};
	struct live_block old;

	(void)state;
	for (uint64_t at = start - 4096; at < end + 4096; at += 24) {
		live_put(LIVE_PIECES, (void *)at, (struct live_block){.site = 3, .size = 24}, &old);
		inside += at >= start && at < end;
		outside += at < start || at >= end;
	}
	live_take_range(LIVE_PIECES, start, end, count, &first);
	assert_int_equal(first.blocks, inside);
	assert_int_equal(first.bytes, inside * 24);
	live_take_range(LIVE_PIECES, start - 4096, end + 4096, count, &rest);
	assert_int_equal(rest.blocks, outside);
	live_take_range(LIVE_PIECES, start - 4096, end + 4096, count, &none);
	assert_int_equal(none.blocks, 0);
}

/* In a sample, one look must do for nearly every block that was not recorded. */
static void mostly_knows_what_it_has_not(void **state)
{
	uint64_t seed = 9, maybe = 0;
	struct taken all = {0, 0};

	if (strcmp(*state, "few") != 0)
		skip();
	for (unsigned i = 0; i < SLOTS; i++)
		live_take(LIVE_HEAP, (void *)address_of(i));
	live_take_range(LIVE_HEAP, 0x20000000, 0x60000000, count, &all);
	for (int i = 0; i < 1000; i++) {
		struct live_block old;

		live_put(LIVE_HEAP, (void *)(0x20000000 + test_below(&seed, 1 << 20) * 16),
			 (struct live_block){.site = 1, .size = 1}, &old);
	}
	for (uint64_t i = 0; i < 100000; i++)
		maybe += watch_may_have((void *)(0x700000000000 + i * 16));
	assert_in_range(maybe, 0, 3000); /* 1,000 of 65,536 places are taken */
	live_take_range(LIVE_HEAP, 0x20000000, 0x60000000, count, &all);
	for (uint64_t i = 0; i < 100000; i++)
		assert_false(watch_may_have((void *)(0x700000000000 + i * 16)));
}

int main(int argc, char **argv)
{
	const char *layout = argc > 1 ? argv[1] : "close";
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_a_model),
		cmocka_unit_test(finds_the_block_around_an_address),
		cmocka_unit_test(finds_a_huge_block_around_an_address),
		cmocka_unit_test(keeps_maps_apart),
		cmocka_unit_test(keeps_neighbouring_pieces_apart),
		cmocka_unit_test(keeps_another_allocators_neighbours_apart),
		cmocka_unit_test(takes_a_range),
		cmocka_unit_test_prestate(mostly_knows_what_it_has_not, (void *)layout),
	};

	if (strcmp(layout, "apart") == 0) {
		live_blocks_are_apart();
		gap = 32;
	} else if (strcmp(layout, "few") == 0) {
		live_blocks_are_few();
	}
	return cmocka_run_group_tests_name(layout, tests, NULL, NULL);
}
