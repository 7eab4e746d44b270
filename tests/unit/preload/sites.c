/* SPDX-License-Identifier: MIT */
#include "sites.h"

#include "test.h"
#include "thread.h"

#define DEPTH 64

static struct thread *new_thread(void)
{
	static struct {
		struct thread thread;
		void *frames[DEPTH], *stack_frames[DEPTH];
		uint32_t nodes[DEPTH];
	} slots[5];
	static int used;
	struct thread *thread = &slots[used].thread;

	thread->frames = slots[used].frames;
	thread->stack_frames = slots[used].stack_frames;
	thread->stack_nodes = slots[used].nodes;
	used++;
	return thread;
}

/* Frames that depend on a number: two numbers share an outer part as long as their common head. */
static uint32_t make_stack(uint64_t number, void **frames)
{
	uint32_t count = 3 + (uint32_t)(number % (DEPTH - 3));

	for (uint32_t i = 0; i < count; i++) {
		uint32_t from_outside = count - 1 - i;

		frames[i] =
			(void *)(0x1000 + (number >> (from_outside / 8) & 7) * 64 + from_outside);
	}
	return count;
}

static void check_path(uint32_t id, void **frames, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		assert_int_not_equal(id, 0);
		assert_ptr_equal((void *)sites_node(id)->pc, frames[i]);
		assert_true(sites_node(id)->parent < id);
		id = sites_node(id)->parent;
	}
	assert_int_equal(id, 0);
}

static void gives_equal_stacks_equal_ids_and_keeps_their_frames(void **state)
{
	struct thread *first = new_thread(), *second = new_thread();
	uint64_t seed = 7;
	void *frames[DEPTH];

	(void)state;
	for (int i = 0; i < 50000; i++) {
		uint32_t count = make_stack(test_below(&seed, 5000), frames);
		struct stack stack = {frames, count, 0};
		uint32_t id = sites_intern(first, &stack);

		check_path(id, frames, count);
		if (i % 3 == 0) /* what another thread did last must not matter */
			assert_int_equal(sites_intern(second, &stack), id);
	}
}

static void keeps_cut_stacks_apart(void **state)
{
	struct thread *self = new_thread();
	void *frames[] = {(void *)0x9001, (void *)0x9002};
	struct stack whole = {frames, 2, 0}, cut = {frames, 2, HEAPMARK_MARKER_TRUNCATED};
	uint32_t whole_id = sites_intern(self, &whole);
	uint32_t cut_id = sites_intern(self, &cut);
	const struct node *marker;

	(void)state;
	assert_int_not_equal(whole_id, cut_id);
	marker = sites_node(sites_node(sites_node(cut_id)->parent)->parent);
	assert_int_equal(marker->pc, HEAPMARK_MARKER_TRUNCATED);
	assert_int_equal(marker->parent, 0);
	assert_int_equal(sites_intern(self, &whole), whole_id);
	assert_int_equal(sites_intern(self, &cut), cut_id);
}

static void has_one_site_for_each_domain_of_a_stack(void **state)
{
	struct thread *self = new_thread();
	void *frame = (void *)0xa001;
	struct stack stack = {&frame, 1, 0};
	uint32_t node = sites_intern(self, &stack);
	uint32_t heap = sites_find(node, 0), map = sites_find(node, 1);

	(void)state;
	assert_int_not_equal(heap, map);
	assert_int_equal(sites_find(node, 0), heap);
	assert_int_equal(sites_find(node, 1), map);
	assert_int_equal(sites_site(map)->node, node);
}

static void never_finds_retired_code_again(void **state)
{
	struct thread *self = new_thread();
	void *frames[] = {(void *)0x500100, (void *)0x1111};
	struct stack stack = {frames, 2, 0};
	uint32_t before, after;

	(void)state;
	before = sites_intern(self, &stack);
	sites_retire(0x500000, 0x501000, 42);
	after = sites_intern(self, &stack);
	assert_int_not_equal(before, after);
	assert_int_equal(sites_node(before)->module, 42);
	assert_false(sites_node(after)->resolved);
	assert_int_equal(sites_intern(self, &stack), after);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_equal_stacks_equal_ids_and_keeps_their_frames),
		cmocka_unit_test(keeps_cut_stacks_apart),
		cmocka_unit_test(has_one_site_for_each_domain_of_a_stack),
		cmocka_unit_test(never_finds_retired_code_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
