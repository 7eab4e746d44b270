/* SPDX-License-Identifier: MIT */
/* Counters and the peak against an oracle that looks at every site after every event. */
#include "account.h"

#include <string.h>

#include "domains.h"
#include "test.h"
#include "thread.h"

#define SITES  12
#define BLOCKS 64

static uint32_t ids[SITES]; /* the last two are storage */
static struct {
	uint32_t site;
	uint64_t size;
} blocks[BLOCKS];

struct oracle {
	uint64_t live[SITES], live_blocks[SITES], max[SITES];
	uint64_t peak[SITES], peak_blocks[SITES], peak_total;
	bool rising; /* the peak is now: it lasts until the first decrease */
};
static struct oracle oracle;

static bool is_storage(uint32_t site)
{
	return site >= SITES - 2;
}

static uint64_t live_total(void)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < SITES; i++)
		sum += is_storage(i) ? 0 : oracle.live[i];
	return sum;
}

/* The peak is where the largest total was first reached, at the last moment before a decrease. */
static void observe(void)
{
	for (uint32_t i = 0; i < SITES; i++)
		if (oracle.live[i] > oracle.max[i])
			oracle.max[i] = oracle.live[i];
	if (live_total() > oracle.peak_total)
		oracle.rising = true;
	if (!oracle.rising)
		return;
	oracle.peak_total = live_total();
	memcpy(oracle.peak, oracle.live, sizeof(oracle.peak));
	memcpy(oracle.peak_blocks, oracle.live_blocks, sizeof(oracle.peak_blocks));
}

static void check(void)
{
	account_settle_peak();
	oracle.rising = false;
	assert_int_equal(totals.live_bytes, live_total());
	assert_int_equal(totals.peak_bytes, oracle.peak_total);
	for (uint32_t i = 0; i < SITES; i++) {
		struct site *site = sites_site(ids[i]);

		account_settle_site(site);
		assert_int_equal(site->live_bytes, oracle.live[i]);
		assert_int_equal(site->live_blocks, oracle.live_blocks[i]);
		assert_int_equal(site->max_bytes, oracle.max[i]);
		if (oracle.peak_total == 0)
			continue; /* nothing has been a peak yet */
		assert_int_equal(site->peak_bytes, oracle.peak[i]);
		assert_int_equal(site->peak_blocks, oracle.peak_blocks[i]);
	}
}

static void make_sites(void)
{
	static struct thread self;
	static void *frames[4], *stack_frames[4];
	static uint32_t nodes[4];

	self.frames = frames;
	self.stack_frames = stack_frames;
	self.stack_nodes = nodes;
	for (uint32_t i = 0; i < SITES; i++) {
		void *frame = (void *)(uintptr_t)(0x1000 + i);
		struct stack stack = {&frame, 1, 0};

		ids[i] = sites_find(sites_intern(&self, &stack),
				    is_storage(i) ? HEAPMARK_DOMAIN_MMAP : HEAPMARK_DOMAIN_MALLOC);
	}
}

static void put(unsigned block, uint32_t site, uint64_t size)
{
	blocks[block].site = site + 1;
	blocks[block].size = size;
	oracle.live[site] += size;
	oracle.live_blocks[site]++;
}

static void drop(unsigned block)
{
	uint32_t site = blocks[block].site - 1;

	oracle.live[site] -= blocks[block].size;
	oracle.live_blocks[site]--;
	blocks[block].site = 0;
}

static void some_event(uint64_t *seed)
{
	unsigned block = (unsigned)test_below(seed, BLOCKS);
	uint32_t site = (uint32_t)test_below(seed, SITES);
	uint64_t size = test_below(seed, 1000);
	uint32_t old_site = blocks[block].site - 1;
	uint64_t old_size = blocks[block].size;

	if (!blocks[block].site) {
		account_alloc(ids[site], size);
		put(block, site, size);
	} else if (test_below(seed, 3) == 0 && is_storage(site) == is_storage(old_site)) {
		account_realloc(ids[old_site], old_size, ids[site], size);
		if (size < old_size)
			oracle.rising = false;
		drop(block);
		put(block, site, size);
	} else {
		account_free(ids[old_site], old_size, false);
		if (!is_storage(old_site))
			oracle.rising = false;
		drop(block);
	}
	observe();
}

static void has_the_exact_peak_at_any_moment(void **state)
{
	uint64_t seed = 5;

	(void)state;
	make_sites();
	for (int i = 0; i < 200000; i++) {
		some_event(&seed);
		/* Looking must not change what is seen later, so look at random moments. */
		if (test_below(&seed, 50) == 0)
			check();
	}
	check();
}

static void collect(const struct site *site, void *context)
{
	uint64_t *sum = context;

	sum[0]++;
	sum[1] += site->live_bytes;
}

static void gives_out_each_changed_site_once(void **state)
{
	uint64_t sum[2] = {0, 0};

	(void)state;
	account_take_dirty(collect, sum);
	sum[0] = sum[1] = 0;
	account_take_dirty(collect, sum);
	assert_int_equal(sum[0], 0);
	account_alloc(ids[0], 5);
	account_alloc(ids[0], 6);
	account_free(ids[0], 5, true);
	account_alloc(ids[3], 6);
	account_take_dirty(collect, sum);
	assert_int_equal(sum[0], 2);
	account_all_dirty();
	sum[0] = sum[1] = 0;
	account_take_dirty(collect, sum);
	assert_int_equal(sum[0], SITES);
	assert_int_equal(sum[1] - oracle.live[SITES - 1] - oracle.live[SITES - 2],
			 totals.live_bytes);
}

static void forgets_all_but_what_is_live_in_a_child(void **state)
{
	uint64_t live = totals.live_bytes;

	(void)state;
	account_child();
	assert_int_equal(totals.live_bytes, live);
	assert_int_equal(totals.peak_bytes, live);
	assert_int_equal(totals.allocations, 0);
	for (int i = 0; i < SITES; i++) {
		assert_int_equal(sites_site(ids[i])->allocations, 0);
		assert_int_equal(sites_site(ids[i])->peak_bytes, sites_site(ids[i])->live_bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_the_exact_peak_at_any_moment),
		cmocka_unit_test(gives_out_each_changed_site_once),
		cmocka_unit_test(forgets_all_but_what_is_live_in_a_child),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
