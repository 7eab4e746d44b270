/* SPDX-License-Identifier: MIT */
/* The tree of call stacks and the table of calls, found and made by many threads at once. */
#include "capture/tree.h"

#include <pthread.h>
#include <stdlib.h>

#include "capture/calls.h"
#include "test.h"

#define THREADS 8
#define NODES   300000 /* many times what the first tables hold */
#define CALLS   50000
#define FIRST   0x10000000ull

/* What node `i` is to be, from 1 on: in the context of an earlier one or of the root. Each is
 * different, as its call is, but for a tenth that repeat an earlier one. A third follow the one
 * before. */
static struct wanted {
	uint32_t parent, call;
} wanted[NODES + 1];

static uint32_t found[THREADS][NODES + 1];
static uint32_t calls_found[THREADS][CALLS];

static int start(void **state)
{
	uint64_t seed = 3;

	(void)state;
	for (uint32_t i = 1; i <= NODES; i++) {
		wanted[i] = (struct wanted){(uint32_t)test_below(&seed, i), 1 + i % 1000 + i % 7};
		if (test_below(&seed, 10) == 0 && i > 1)
			wanted[i] = wanted[1 + test_below(&seed, i - 1)];
		if (test_below(&seed, 5) == 0)
			wanted[i].parent = 0;
		if (test_below(&seed, 3) == 0)
			wanted[i].parent = i - 1;
	}
	return calls_start() && tree_start() ? 0 : -1;
}

static pthread_barrier_t at_once;

static void *make_nodes(void *place)
{
	uint32_t *ids = place;

	pthread_barrier_wait(&at_once);
	for (uint32_t i = 1; i <= NODES; i++) {
		ids[i] = tree_child(ids[wanted[i].parent], wanted[i].call);
		if (i % 3 == 0 && tree_child(ids[wanted[i].parent], wanted[i].call) != ids[i])
			abort();
	}
	return NULL;
}

static void run_all(void *(*body)(void *), void *places, size_t bytes)
{
	pthread_t threads[THREADS];

	pthread_barrier_init(&at_once, NULL, THREADS);
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(
			pthread_create(&threads[i], NULL, body, (char *)places + i * bytes), 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
}

static void check_node(uint32_t i)
{
	uint32_t id = found[0][i];

	for (int thread = 1; thread < THREADS; thread++)
		assert_int_equal(found[thread][i], id);
	assert_in_range(id, 1, nodes_count());
	assert_int_equal(nodes_call(id), wanted[i].call);
	assert_int_equal(nodes_parent(id), found[0][wanted[i].parent]);
}

static void has_one_node_for_each_call_in_a_context(void **state)
{
	static bool used[NODES + 1];
	uint32_t count = 0;

	(void)state;
	run_all(make_nodes, found, sizeof(found[0]));
	for (uint32_t i = 1; i <= NODES; i++) {
		check_node(i);
		count += !used[found[0][i]];
		used[found[0][i]] = true;
	}
	assert_int_equal(count, nodes_count()); /* each number up to that is somebody's */
	assert_in_range(count, 200000, NODES);
	run_all(make_nodes, found, sizeof(found[0])); /* now they are all there */
	assert_int_equal(count, nodes_count());
	for (uint32_t i = 1; i <= NODES; i++)
		check_node(i);
}

static uint64_t pc_of(uint32_t which)
{
	return FIRST + which * 5ull;
}

static void *make_calls(void *place)
{
	uint32_t *ids = place;

	pthread_barrier_wait(&at_once);
	for (uint32_t i = 0; i < CALLS; i++) {
		ids[i] = calls_find(pc_of(i));
		if (calls_get(ids[i])->pc != pc_of(i))
			abort();
	}
	return NULL;
}

static void has_one_call_for_each_address(void **state)
{
	static bool used[CALLS + 1];
	uint32_t before = calls_count();

	(void)state;
	run_all(make_calls, calls_found, sizeof(calls_found[0]));
	assert_int_equal(calls_count(), before + CALLS);
	for (uint32_t i = 0; i < CALLS; i++) {
		uint32_t id = calls_found[0][i];

		for (int thread = 1; thread < THREADS; thread++)
			assert_int_equal(calls_found[thread][i], id);
		assert_in_range(id, before + 1, before + CALLS);
		assert_false(used[id - before]);
		used[id - before] = true;
		assert_false(load_relaxed(&calls_place(id)->resolved));
	}
}

static _Atomic bool over;

/* Whatever is retired meanwhile, what is found is right. */
static void *find_meanwhile(void *place)
{
	uint64_t seed = (uint64_t)(uintptr_t)place;

	while (!load_relaxed(&over)) {
		uint64_t pc = pc_of((uint32_t)test_below(&seed, CALLS));

		if (calls_get(calls_find(pc))->pc != pc)
			abort();
	}
	return NULL;
}

static void never_finds_retired_code_again(void **state)
{
	uint64_t start = pc_of(1000), end = pc_of(2000);
	uint32_t generation = load_relaxed(&calls_generation), modules = 42;
	uint32_t marker = calls_find(1);
	pthread_t threads[2];

	(void)state;
	for (uintptr_t i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, find_meanwhile, (void *)(i + 1)),
				 0);
	for (uint32_t round = 0; round < 20; round++) {
		uint32_t before = calls_find(pc_of(1500)), outside = calls_find(pc_of(999));
		uint32_t beyond = calls_find(pc_of(2001));

		calls_retire(start, end, modules + round);
		assert_int_equal(load_relaxed(&calls_generation), generation + round + 1);
		assert_int_equal(load_relaxed(&calls_place(before)->module), modules + round);
		assert_true(load_relaxed(&calls_place(before)->resolved));
		assert_true(calls_find(pc_of(1500)) > before);
		assert_false(load_relaxed(&calls_place(calls_find(pc_of(1500)))->resolved));
		assert_int_equal(calls_find(pc_of(999)), outside);
		assert_int_equal(calls_find(pc_of(2001)), beyond);
		assert_int_equal(load_relaxed(&calls_place(outside)->module), 0);
	}
	store_relaxed(&over, true);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(calls_find(1), marker);
	assert_true(calls_get(calls_found[0][1500])->pc == pc_of(1500)); /* it is still told */
	assert_int_equal(load_relaxed(&calls_place(calls_found[0][1500])->module), modules);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_one_node_for_each_call_in_a_context),
		cmocka_unit_test(has_one_call_for_each_address),
		cmocka_unit_test(never_finds_retired_code_again),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
