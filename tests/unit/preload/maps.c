/* SPDX-License-Identifier: MIT */
/* Intervals against a model that knows, for every page, which call mapped it. */
#include "maps.h"

#include <string.h>

#include "shim.h"

#define PAGES 200
#define BASE  0x100000ull
#define PAGE  4096ull
#define SITES 5
#define CALLS 100000

static uint32_t owner[PAGES]; /* the call that mapped the page; 0: none */
static uint32_t site_of_call[CALLS];
static uint64_t expected_allocated;
static uint32_t site_ids[SITES];

static uint64_t pages_of(uint32_t call)
{
	uint64_t pages = 0;

	for (int i = 0; i < PAGES; i++)
		pages += owner[i] == call;
	return pages;
}

static void model_unmap(uint64_t first, uint64_t count)
{
	for (uint64_t i = first; i < first + count; i++)
		owner[i] = 0;
}

static int start(void **state)
{
	if (shim_start(state) != 0)
		return -1;
	for (uint64_t i = 0; i < SITES; i++)
		site_ids[i] = shim_site(0x1000 + i, HEAPMARK_DOMAIN_MMAP);
	return 0;
}

static const struct site_values *now(uint32_t site)
{
	shim_take();
	return &shim_known[site_ids[site]];
}

static void check(uint32_t calls)
{
	uint64_t live_bytes[SITES] = {0}, live_blocks[SITES] = {0};

	for (uint32_t call = 1; call <= calls; call++) {
		uint64_t pages = pages_of(call);

		live_bytes[site_of_call[call]] += pages * PAGE;
		live_blocks[site_of_call[call]] += pages > 0;
	}
	for (uint32_t i = 0; i < SITES; i++) {
		const struct site_values *site = now(i);

		assert_int_equal(site->live_bytes, live_bytes[i]);
		assert_int_equal(site->live_blocks, live_blocks[i]);
		assert_int_equal(site->allocations - site->frees, site->live_blocks);
	}
}

static void agrees_with_a_model(void **state)
{
	uint64_t seed = 3;
	uint32_t calls = 0;

	(void)state;
	for (int i = 0; i < 3000; i++) {
		uint64_t first = test_below(&seed, PAGES), most = PAGES - first;
		uint64_t count = 1 + test_below(&seed, most < 20 ? most : 20);

		if (test_below(&seed, 2)) {
			calls++;
			site_of_call[calls] = (uint32_t)test_below(&seed, SITES);
			model_unmap(first, count);
			for (uint64_t at = first; at < first + count; at++)
				owner[at] = calls;
			expected_allocated += count * PAGE;
			assert_true(maps_add(thread_self, BASE + first * PAGE, count * PAGE,
					     site_ids[site_of_call[calls]]));
		} else {
			model_unmap(first, count);
			maps_remove(thread_self, BASE + first * PAGE, count * PAGE);
		}
		if (i % 50 == 0)
			check(calls);
	}
	check(calls);
	maps_remove(thread_self, BASE, PAGES * PAGE);
	memset(owner, 0, sizeof(owner));
	check(calls);
}

static void moves_and_resizes(void **state)
{
	uint64_t allocated = now(0)->allocated_bytes, frees = now(0)->frees;

	(void)state;
	maps_add(thread_self, BASE, 4 * PAGE, site_ids[0]);
	maps_move(thread_self, BASE, 4 * PAGE, BASE + 100 * PAGE, 6 * PAGE); /* moved and grown */
	assert_int_equal(now(0)->live_bytes, 6 * PAGE);
	assert_int_equal(now(0)->live_blocks, 1);
	assert_int_equal(now(0)->allocated_bytes, allocated + 6 * PAGE);
	maps_move(thread_self, BASE + 100 * PAGE, 6 * PAGE, BASE + 100 * PAGE,
		  PAGE); /* shrunk in place */
	assert_int_equal(now(0)->live_bytes, PAGE);
	assert_int_equal(now(0)->frees, frees);
	maps_move(thread_self, BASE + 50 * PAGE, PAGE, BASE, PAGE); /* none of ours */
	assert_int_equal(now(0)->live_bytes, PAGE);
	maps_remove(thread_self, BASE, 200 * PAGE);
	assert_int_equal(now(0)->live_bytes, 0);
	assert_int_equal(now(0)->frees, frees + 1);
}

static struct maps_taken take(uint64_t start, uint64_t bytes)
{
	struct maps_taken taken;

	assert_true(maps_takes(start, bytes, &taken));
	return taken;
}

static void expect(uint32_t site, uint64_t pages, uint64_t blocks)
{
	assert_int_equal(now(site)->live_bytes, pages * PAGE);
	assert_int_equal(now(site)->live_blocks, blocks);
}

/* While a map is on its way, another one takes its place. */
static void taken_is_not_there(void **state)
{
	struct maps_taken taken;

	(void)state;
	maps_add(thread_self, BASE, 4 * PAGE, site_ids[0]);
	taken = take(BASE, 4 * PAGE);
	assert_false(maps_knows(BASE));
	expect(0, 4, 1);
	maps_add(thread_self, BASE, 2 * PAGE, site_ids[1]);
	expect(0, 4, 1);
	maps_put(thread_self, taken, BASE + 100 * PAGE, 5 * PAGE);
	expect(0, 5, 1);
	expect(1, 2, 1);
	maps_remove(thread_self, BASE, 2 * PAGE);
	expect(0, 5, 1);
	expect(1, 0, 0);
	maps_remove(thread_self, BASE + 100 * PAGE, 5 * PAGE);
	expect(0, 0, 0);
}

static void taken_goes_back(void **state)
{
	uint64_t allocated;
	struct maps_taken taken;

	(void)state;
	maps_add(thread_self, BASE, 9 * PAGE, site_ids[0]);
	allocated = now(0)->allocated_bytes;
	taken = take(BASE + 3 * PAGE, 2 * PAGE);
	assert_true(maps_knows(BASE));
	assert_false(maps_knows(BASE + 3 * PAGE));
	maps_put(thread_self, taken, BASE + 3 * PAGE, taken.bytes);
	assert_true(maps_knows(BASE + 4 * PAGE));
	expect(0, 9, 1);
	assert_int_equal(now(0)->allocated_bytes, allocated);
	/* As if nothing had been: all of it can be taken at once. */
	taken = take(BASE, 9 * PAGE);
	assert_int_equal(taken.bytes, 9 * PAGE);
	maps_put(thread_self, taken, BASE, 9 * PAGE);
	/* Sizes that the kernel will refuse. */
	assert_int_equal(take(BASE, 0).block, 0);
	assert_int_equal(take(BASE, UINT64_MAX).block, 0);
	assert_int_equal(take(BASE + 50 * PAGE, PAGE).block, 0);
	maps_remove(thread_self, BASE, 9 * PAGE);
	expect(0, 0, 0);
}

/* What two calls of mmap() made next to each other may move as one. */
static void several_move_together(void **state)
{
	struct maps_taken taken;
	uint64_t allocated;

	(void)state;
	maps_add(thread_self, BASE, 2 * PAGE, site_ids[0]);
	maps_add(thread_self, BASE + 2 * PAGE, 3 * PAGE, site_ids[1]);
	assert_false(maps_takes(BASE, 5 * PAGE, &taken));
	allocated = now(0)->allocated_bytes;
	maps_move(thread_self, BASE, 5 * PAGE, BASE + 100 * PAGE, 6 * PAGE);
	expect(0, 6, 1);
	expect(1, 0, 0);
	assert_int_equal(now(0)->allocated_bytes, allocated + 4 * PAGE);
	/* The same, where the first one is on both sides of the other. */
	maps_add(thread_self, BASE + 102 * PAGE, PAGE, site_ids[1]);
	expect(0, 5, 1);
	allocated = now(0)->allocated_bytes;
	maps_move(thread_self, BASE + 100 * PAGE, 6 * PAGE, BASE + 100 * PAGE, 6 * PAGE);
	expect(0, 6, 1);
	expect(1, 0, 0);
	assert_int_equal(now(0)->allocated_bytes, allocated + PAGE);
	maps_remove(thread_self, BASE + 100 * PAGE, 6 * PAGE);
	expect(0, 0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_a_model),   cmocka_unit_test(moves_and_resizes),
		cmocka_unit_test(taken_is_not_there),    cmocka_unit_test(taken_goes_back),
		cmocka_unit_test(several_move_together),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
