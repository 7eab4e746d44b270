/* SPDX-License-Identifier: MIT */
/* Counters and the peak against an oracle that looks at every site after every event. */
#include "account.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "shim.h"

#define SITES   12
#define STORAGE 9 /* from here on: of domains that totals do not cover */
#define BLOCKS  64

static struct thread *self;
static uint32_t ids[SITES];
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
	return site >= STORAGE;
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

static void check_site(uint32_t i)
{
	const struct site_values *site = &shim_known[ids[i]];

	assert_int_equal(site->live_bytes, oracle.live[i]);
	assert_int_equal(site->live_blocks, oracle.live_blocks[i]);
	assert_int_equal(site->max_bytes, oracle.max[i]);
	assert_int_equal(site->peak_bytes, oracle.peak[i]);
	assert_int_equal(site->peak_blocks, oracle.peak_blocks[i]);
}

static void check(void)
{
	struct totals totals = shim_take();

	oracle.rising = false;
	assert_int_equal(totals.live_bytes, live_total());
	assert_int_equal(totals.peak_bytes, oracle.peak_total);
	assert_int_equal(totals.peak_error_bytes, 0);
	assert_int_equal(totals.live_blocks, account_live_blocks());
	assert_true(shim_adds_up(&totals));
	for (uint32_t i = 0; i < SITES && oracle.peak_total; i++)
		check_site(i);
}

static int start(void **state)
{
	if (shim_start(state) != 0)
		return -1;
	self = thread_self;
	for (uint32_t i = 0; i < SITES; i++)
		ids[i] = shim_site(0x1000 + i, !is_storage(i) ? HEAPMARK_DOMAIN_MALLOC
					       : i % 2        ? HEAPMARK_DOMAIN_MMAP
							      : HEAPMARK_DOMAIN_ARENA);
	return 0;
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

static void allocate(unsigned block, uint32_t site, uint64_t size)
{
	if (is_storage(site))
		account_storage_alloc(self, ids[site], size);
	else
		assert_true(account_alloc(self, ids[site], size));
	put(block, site, size);
}

static void release(unsigned block)
{
	uint32_t site = blocks[block].site - 1;

	account_gone(self,
		     (struct live_block){.site = ids[site],
					 .is_arena = is_storage(site),
					 .size = blocks[block].size},
		     false);
	if (!is_storage(site))
		oracle.rising = false;
	drop(block);
}

/* A block of the heap gets another size, or becomes the storage of a pool. */
static void change(unsigned block, uint32_t site, uint64_t size)
{
	uint32_t old_site = blocks[block].site - 1;
	uint64_t old_size = blocks[block].size;

	if (is_storage(site)) {
		account_move(self, ids[old_site], ids[site], old_size);
		oracle.rising = false;
		size = old_size;
	} else {
		account_realloc(self, ids[old_site], old_size, ids[site], size);
		oracle.rising = oracle.rising && size >= old_size;
	}
	drop(block);
	put(block, site, size);
}

/* A map is resized in place. */
static void resize(unsigned block, uint64_t size)
{
	uint32_t site = blocks[block].site - 1;
	uint64_t old_size = blocks[block].size;

	if (size < old_size)
		account_shrink(self, ids[site], old_size - size);
	else
		account_grow(self, ids[site], size - old_size);
	blocks[block].size = size;
	oracle.live[site] += size - old_size;
}

static void some_event(uint64_t *seed)
{
	unsigned block = (unsigned)test_below(seed, BLOCKS);
	uint32_t site = (uint32_t)test_below(seed, SITES);
	uint64_t size = test_below(seed, 1000);

	if (!blocks[block].site)
		allocate(block, site, size);
	else if (test_below(seed, 3) != 0)
		release(block);
	else if (is_storage(blocks[block].site - 1))
		resize(block, size);
	else
		change(block, site, size);
	observe();
}

static void has_the_exact_peak_at_any_moment(void **state)
{
	uint64_t seed = 5;

	(void)state;
	for (int i = 0; i < 200000; i++) {
		some_event(&seed);
		/* Looking must not change what is seen later, so look at random moments. */
		if (test_below(&seed, 50) == 0)
			check();
		/* Nor may stating everything anew. */
		if (test_below(&seed, 500) == 0)
			account_all_dirty(self);
	}
	check();
}

static void gives_out_each_changed_site_once(void **state)
{
	struct site_values changed[SITES];

	(void)state;
	account_take_dirty(changed, NULL);
	assert_int_equal(account_dirty_count(), 0);
	assert_int_equal(account_take_dirty(changed, NULL), 0);
	account_alloc(self, ids[0], 5);
	account_alloc(self, ids[0], 6);
	account_free(self, ids[0], 5, true);
	account_alloc(self, ids[3], 6);
	assert_int_equal(account_dirty_count(), 2);
	assert_int_equal(account_take_dirty(changed, NULL), 2);
	assert_int_equal(changed[0].node, sites_get(ids[0])->node);
	assert_int_equal(changed[1].node, sites_get(ids[3])->node);
	account_all_dirty(self);
	assert_int_equal(account_take_dirty(changed, NULL), SITES);
	account_free(self, ids[0], 6, false);
	account_free(self, ids[3], 6, false);
}

static void counts_a_sample_by_what_it_stands_for(void **state)
{
	uint32_t site = shim_site(0x2000, HEAPMARK_DOMAIN_MALLOC);
	struct weight light = {2, 300, 1000}, heavy = {5, 700, 90000};
	uint64_t before = account_totals().live_bytes;
	struct site_values values[SITES];
	struct site_variance variances[SITES];

	(void)state;
	account_take_dirty(values, NULL);
	account_sample_alloc(self, site, light, false);
	account_sample_alloc(self, site, heavy, true);
	account_sample_free(self, site, light, true);
	assert_int_equal(account_totals().live_bytes, before + 700);
	assert_int_equal(account_take_dirty(values, variances), 1);
	assert_int_equal(values[0].allocations, 7);
	assert_int_equal(values[0].allocated_bytes, 1000);
	assert_int_equal(values[0].reallocations, 5);
	assert_int_equal(values[0].temporary, 2);
	assert_int_equal(values[0].live_blocks, 5);
	assert_int_equal(values[0].live_bytes, 700);
	assert_int_equal(values[0].max_bytes, 1000);
	assert_int_equal(variances[0].live, 90000);
	account_sample_free(self, site, heavy, false);
	assert_int_equal(account_take_dirty(values, variances), 1);
	assert_int_equal(variances[0].live, 0);
}

static void keeps_the_variance_at_the_peak(void **state)
{
	uint32_t site = shim_site(0x2001, HEAPMARK_DOMAIN_MALLOC);
	struct weight huge = {1, 1 << 30, 12345};
	struct site_values values[SITES];
	struct site_variance variances[SITES];

	(void)state;
	account_take_dirty(values, NULL);
	account_sample_alloc(self, site, huge, false);
	account_sample_free(self, site, huge, false);
	assert_int_equal(account_take_dirty(values, variances), 1);
	assert_int_equal(values[0].peak_bytes, 1 << 30);
	assert_int_equal(variances[0].live, 0);
	assert_int_equal(variances[0].peak, 12345);
}

static void counts_on_when_a_cell_is_full(void **state)
{
	const unsigned times = 3 * CELL_CARRY + 7;
	uint32_t site = shim_site(0x2002, HEAPMARK_DOMAIN_MALLOC);
	struct site_values values[SITES];

	(void)state;
	account_take_dirty(values, NULL);
	for (unsigned i = 0; i < times; i++) {
		account_alloc(self, site, 10);
		account_realloc(self, site, 10, site, 20);
		account_free(self, site, 20, true);
	}
	assert_int_equal(account_take_dirty(values, NULL), 1);
	assert_int_equal(values[0].allocations, 2 * times);
	assert_int_equal(values[0].frees, 2 * times);
	assert_int_equal(values[0].reallocations, times);
	assert_int_equal(values[0].temporary, times);
}

static void forgets_all_but_what_is_live_in_a_child(void **state)
{
	struct totals before, after, again;

	(void)state;
	before = shim_take();
	account_child();
	after = shim_take();
	assert_true(before.live_bytes > 0);
	assert_int_equal(after.live_bytes, before.live_bytes);
	assert_int_equal(after.live_blocks, before.live_blocks);
	assert_int_equal(account_live_blocks(), before.live_blocks);
	assert_int_equal(after.peak_bytes, before.live_bytes);
	assert_int_equal(after.peak_blocks, before.live_blocks);
	assert_int_equal(after.allocations, 0);
	assert_int_equal(after.frees, 0);
	assert_int_equal(after.reallocations, 0);
	assert_int_equal(after.temporary, 0);
	assert_true(shim_adds_up(&after));
	/* What one child has, its own children have. */
	account_child();
	again = shim_take();
	assert_memory_equal(&again, &after, offsetof(struct totals, peak_time_ns));
	assert_true(shim_adds_up(&again));
	for (int i = 0; i < SITES; i++) {
		assert_int_equal(shim_known[ids[i]].allocations, 0);
		assert_int_equal(shim_known[ids[i]].live_bytes, oracle.live[i]);
		assert_int_equal(shim_known[ids[i]].peak_bytes, oracle.live[i]);
	}
}

static void *use_site(void *place)
{
	uint32_t site = *(uint32_t *)place;
	struct thread *other = thread_enter();

	if (!other || !world_enter_section(other))
		abort();
	account_alloc(other, site, 1000);
	account_free(other, site, 1000, false);
	world_leave_section(other);
	thread_leave(other);
	return NULL;
}

/* Whose cell is only on the list of those to be written has not used the site. */
static void knows_the_own_maximum_of_the_only_user(void **state)
{
	uint32_t site = shim_site(0x2003, HEAPMARK_DOMAIN_MALLOC);
	struct site_values values[SHIM_SITES];
	pthread_t thread;
	uint32_t count, found = 0;

	(void)state;
	account_alloc(self, ids[0], 1 << 30); /* the peak is here, and not in the thread */
	account_free(self, ids[0], 1 << 30, false);
	account_all_dirty(self);
	assert_int_equal(pthread_create(&thread, NULL, use_site, &site), 0);
	pthread_join(thread, NULL);
	count = account_take_dirty(values, NULL);
	for (uint32_t i = 0; i < count; i++) {
		if (values[i].node != sites_get(site)->node)
			continue;
		assert_int_equal(values[i].max_bytes, 1000);
		found++;
	}
	assert_int_equal(found, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_the_exact_peak_at_any_moment),
		cmocka_unit_test(gives_out_each_changed_site_once),
		cmocka_unit_test(counts_a_sample_by_what_it_stands_for),
		cmocka_unit_test(keeps_the_variance_at_the_peak),
		cmocka_unit_test(counts_on_when_a_cell_is_full),
		cmocka_unit_test(forgets_all_but_what_is_live_in_a_child),
		cmocka_unit_test(knows_the_own_maximum_of_the_only_user),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
