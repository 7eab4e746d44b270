/* SPDX-License-Identifier: MIT */
/* How often a snapshot may be taken that nobody asked for, and what is done for it before. */
#include "snapshot.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "clock.h"
#include "config.h"
#include "shim.h"
#include "test.h"
#include "trace.h"

#define MOST  64 /* the rest, as a multiple of the cost */
#define LEAST 16
#define TRIES 100

#define CHANGED    50000u
#define PIECE_MOST (1u << 20) /* bytes */

static char directory[] = "/tmp/heapmark-snapshot-XXXXXX", path[64];

static int start(void **state)
{
	if (shim_start(state) != 0 || !mkdtemp(directory))
		return -1;
	snapshot_start();
	snprintf(path, sizeof(path), "%s/t.hmk", directory);
	config.out = path;
	return trace_open() ? 0 : -1;
}

/* Takes one and returns whether the rest after it is as long as it should be at least. */
static bool rests_enough(void)
{
	static const struct snapshot_request due = {.reason = HEAPMARK_REASON_INTERVAL};
	uint64_t before = clock_exact_elapsed_ns(), cost;

	assert_true(snapshot_take(&due) > 0); /* small, and so not left pending */
	cost = clock_exact_elapsed_ns() - before;
	assert_false(snapshot_slice_is_due(UINT64_MAX));
	assert_false(snapshot_is_affordable(before));
	assert_true(snapshot_is_affordable(before + MOST * cost));
	return !snapshot_is_affordable(before + LEAST * cost);
}

/* What the machine does between the snapshot and our look at the clock is not its cost, so this may
 * take more than one. */
static void rests_in_proportion_to_the_cost(void **state)
{
	int tries = 1;

	(void)state;
	assert_true(snapshot_is_affordable(0));
	while (!rests_enough())
		assert_true(++tries < TRIES);
}

static void takes_what_is_asked_for_in_any_case(void **state)
{
	static const struct snapshot_request asked = {
		.reason = HEAPMARK_REASON_API, .label = "now", .at_once = true, .wait = true};
	uint32_t first;

	(void)state;
	assert_false(snapshot_is_affordable(0));
	first = snapshot_take(&asked);
	assert_int_equal(snapshot_take(&asked), first + 1);
}

static void change(uint32_t sites)
{
	for (uint32_t i = 0; i < sites; i++) {
		uint32_t site = shim_site(0x100000 + i, HEAPMARK_DOMAIN_MALLOC);

		assert_true(world_enter_section(thread_self));
		assert_true(account_alloc(thread_self, site, 1));
		world_leave_section(thread_self);
	}
}

static void makes_memory_ready_in_pieces(void **state)
{
	static const struct snapshot_request due = {.reason = HEAPMARK_REASON_INTERVAL,
						    .at_once = true};
	unsigned pieces = 1;

	(void)state;
	change(100);
	assert_true(snapshot_prepare());
	change(CHANGED);
	while (!snapshot_prepare())
		pieces++;
	assert_in_range(pieces, CHANGED * sizeof(struct site_values) / PIECE_MOST, 100);
	assert_true(snapshot_prepare());
	assert_int_equal(account_dirty_count(), CHANGED);
	assert_true(snapshot_take(&due) > 0);
	assert_int_equal(account_dirty_count(), 0);
	change(CHANGED); /* what was used is not kept */
	assert_false(snapshot_prepare());
}

static void begins_anew_in_a_child(void **state)
{
	(void)state;
	snapshot_child();
	assert_true(snapshot_is_affordable(0));
}

static int stop(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rests_in_proportion_to_the_cost),
		cmocka_unit_test(takes_what_is_asked_for_in_any_case),
		cmocka_unit_test(makes_memory_ready_in_pieces),
		cmocka_unit_test(begins_anew_in_a_child),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
