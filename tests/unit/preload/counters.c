/* SPDX-License-Identifier: MIT */
/*
 * Counters of threads that allocate and free each other's blocks, while another one stops the world
 * again and again and looks at them.
 */
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "account.h"
#include "lost.h"
#include "shim.h"

#define THREADS 8
#define EVENTS  60000 /* of each thread, at least */
#define LOOKS   50    /* at them meanwhile, at least */
#define SITES   700   /* more than a piece of cells holds */
#define QUEUE   256

struct block {
	uint32_t site;
	uint64_t size;
};

/* What threads hand over to each other. The test's own lock, and never held in a section. */
static struct {
	pthread_mutex_t lock;
	struct block blocks[QUEUE];
	unsigned count;
} queue = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* What a thread knows that it did. */
struct deeds {
	uint64_t seed;
	uint64_t allocations, bytes, frees, freed_bytes, temporary, reallocations;
};

static uint32_t ids[SITES];
static _Atomic unsigned working, looks;
static struct deeds all;

static int start(void **state)
{
	if (shim_start(state) != 0)
		return -1;
	for (uint32_t i = 0; i < SITES; i++)
		ids[i] = shim_site(0x1000 + i, HEAPMARK_DOMAIN_MALLOC);
	return 0;
}

static struct block allocate(struct thread *self, struct deeds *deeds)
{
	struct block block = {ids[test_below(&deeds->seed, SITES)], test_below(&deeds->seed, 5000)};

	if (test_below(&deeds->seed, 500) == 0)
		block.size *= 1000;
	if (!world_enter_section(self))
		abort();
	if (!account_alloc(self, block.site, block.size))
		abort();
	world_leave_section(self);
	deeds->allocations++;
	deeds->bytes += block.size;
	return block;
}

static void release(struct thread *self, struct deeds *deeds, struct block block)
{
	bool temporary = test_below(&deeds->seed, 4) == 0;

	if (!world_enter_section(self))
		abort();
	account_free(self, block.site, block.size, temporary);
	world_leave_section(self);
	deeds->frees++;
	deeds->freed_bytes += block.size;
	deeds->temporary += temporary;
}

static struct block resize(struct thread *self, struct deeds *deeds, struct block old)
{
	struct block block = {ids[test_below(&deeds->seed, SITES)], test_below(&deeds->seed, 5000)};

	if (!world_enter_section(self))
		abort();
	account_realloc(self, old.site, old.size, block.site, block.size);
	world_leave_section(self);
	deeds->allocations++;
	deeds->reallocations++;
	deeds->bytes += block.size;
	deeds->frees++;
	deeds->freed_bytes += old.size;
	return block;
}

/* Puts the block somewhere among the others, and takes out what was there. False: there was room.
 */
static bool swap(struct deeds *deeds, struct block *block)
{
	struct block mine = *block;
	bool full;

	pthread_mutex_lock(&queue.lock);
	full = queue.count == QUEUE;
	if (full) {
		unsigned at = (unsigned)test_below(&deeds->seed, QUEUE);

		*block = queue.blocks[at];
		queue.blocks[at] = mine;
	} else {
		queue.blocks[queue.count++] = mine;
	}
	pthread_mutex_unlock(&queue.lock);
	return full;
}

static bool draw(struct deeds *deeds, struct block *block)
{
	bool any;

	pthread_mutex_lock(&queue.lock);
	any = queue.count > 0;
	if (any) {
		unsigned at = (unsigned)test_below(&deeds->seed, queue.count);

		*block = queue.blocks[at];
		queue.blocks[at] = queue.blocks[--queue.count];
	}
	pthread_mutex_unlock(&queue.lock);
	return any;
}

static void *work(void *place)
{
	struct deeds *deeds = place;
	struct thread *self = thread_enter();

	if (!self)
		abort();
	for (unsigned i = 0; i < EVENTS || load_relaxed(&looks) < LOOKS; i++) {
		struct block block;

		if (i % 1000 == 0)
			self->share.credit = PEAK_CREDIT; /* as pace.c does */
		if (test_below(&deeds->seed, 5) < 2) {
			block = allocate(self, deeds);
			if (swap(deeds, &block))
				release(self, deeds, block);
		} else if (draw(deeds, &block)) {
			if (test_below(&deeds->seed, 4) > 0)
				release(self, deeds, block);
			else if (block = resize(self, deeds, block), swap(deeds, &block))
				release(self, deeds, block);
		}
	}
	thread_leave(self);
	add_relaxed(&working, -1);
	return NULL;
}

static void check_no_site_is_below_zero(void)
{
	for (uint32_t i = 0; i < SITES; i++) {
		const struct site_values *site = &shim_known[ids[i]];

		assert_true((int64_t)site->live_blocks >= 0 && (int64_t)site->live_bytes >= 0);
		assert_true((int64_t)site->peak_blocks >= 0 && (int64_t)site->peak_bytes >= 0);
		assert_true(site->max_bytes >= site->live_bytes);
		assert_true(site->frees + site->live_blocks == site->allocations);
	}
}

/* Stops the world and looks. What it found in order is of no use to others, so it is checked when
 * they go on again. */
static struct totals look(void)
{
	struct thread *self = thread_self;
	struct totals totals;
	uint64_t blocks;

	assert_true(world_stop(self));
	totals = shim_take();
	blocks = account_live_blocks();
	world_go();
	assert_true(shim_adds_up(&totals));
	assert_int_equal(totals.live_blocks, blocks);
	assert_true(totals.peak_bytes + totals.peak_error_bytes >= totals.live_bytes);
	check_no_site_is_below_zero();
	return totals;
}

/* The last looks see a world in which some slots have no thread. */
static void watch(void)
{
	uint64_t peak = 0;

	while (load_relaxed(&working) > 0) {
		struct totals totals = look();

		assert_true(totals.peak_bytes + totals.peak_error_bytes >= peak);
		peak = totals.peak_bytes + totals.peak_error_bytes;
		add_relaxed(&looks, 1);
		usleep(load_relaxed(&looks) % 16 * 100);
	}
}

static void add_up(const struct deeds *deeds)
{
	all.allocations += deeds->allocations;
	all.bytes += deeds->bytes;
	all.frees += deeds->frees;
	all.freed_bytes += deeds->freed_bytes;
	all.temporary += deeds->temporary;
	all.reallocations += deeds->reallocations;
}

static void check_totals(void)
{
	struct totals totals = look();

	assert_int_equal(totals.allocations, all.allocations);
	assert_int_equal(totals.allocated_bytes, all.bytes);
	assert_int_equal(totals.frees, all.frees);
	assert_int_equal(totals.temporary, all.temporary);
	assert_int_equal(totals.reallocations, all.reallocations);
	assert_int_equal(totals.live_blocks, queue.count);
	assert_int_equal(totals.live_bytes, all.bytes - all.freed_bytes);
}

static void add_up_whenever_one_looks(void **state)
{
	static struct deeds deeds[THREADS];

	(void)state;
	for (uint64_t round = 0; round < 4; round++) { /* later threads have slots of dead ones */
		pthread_t threads[THREADS];

		store_relaxed(&working, THREADS);
		store_relaxed(&looks, 0);
		for (uint64_t i = 0; i < THREADS; i++) {
			deeds[i] = (struct deeds){.seed = round * THREADS + i};
			assert_int_equal(pthread_create(&threads[i], NULL, work, &deeds[i]), 0);
		}
		watch();
		for (int i = 0; i < THREADS; i++) {
			pthread_join(threads[i], NULL);
			add_up(&deeds[i]);
		}
		check_totals();
	}
	assert_int_equal(lost_count(HEAPMARK_LOSS_LOCK_TIMEOUT), 0);
}

/* All that is left is freed by a thread that has allocated none of it. */
static void come_to_nothing_when_all_is_freed(void **state)
{
	struct deeds deeds = {.seed = 99};
	struct block block;
	uint64_t peak = look().peak_bytes;

	(void)state;
	while (draw(&deeds, &block))
		release(thread_self, &deeds, block);
	add_up(&deeds);
	check_totals();
	assert_int_equal(look().live_bytes, 0);
	assert_int_equal(look().peak_bytes, peak);
	for (uint32_t i = 0; i < SITES; i++)
		assert_int_equal(shim_known[ids[i]].live_bytes, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(add_up_whenever_one_looks),
		cmocka_unit_test(come_to_nothing_when_all_is_freed),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
