/* SPDX-License-Identifier: MIT */
/* Call stacks: with nothing to unwind with, then by each way of unwinding, then beyond the limit.
 */
#include "capture/capture.h"

#include <unwind.h>

#include "lost.h"
#include "shim.h"

static struct thread self;

/* Verifying, if only in theory: so that no way of unwinding is settled for good at the start, and
 * none has its stacks from another. */
static int start(void **state)
{
	static char rarely[] = "HEAPMARK=verify=1000000000";

	shim_environment[0] = rarely;
	if (shim_start(state) != 0)
		return -1;
	return capture_join(&self) ? 0 : -1;
}

static NOINLINE uint32_t capture_here(void)
{
	return capture_stack(&self, HERE());
}

static NOINLINE uint32_t capture_below(int depth)
{
	uint32_t node = depth > 0 ? capture_below(depth - 1) : capture_here();

	__asm__ volatile(""); /* no tail call */
	return node;
}

static uint64_t pc_of(uint32_t node)
{
	return calls_get(nodes_call(node))->pc;
}

/* Frames of a stack, and what stands at its outer end. */
static uint32_t count_frames(uint32_t node, uint64_t *outermost)
{
	uint32_t count = 0;

	for (; node; node = nodes_parent(node)) {
		*outermost = pc_of(node);
		count += *outermost >= HEAPMARK_MARKER_LIMIT;
	}
	return count;
}

static void reaches_the_start_of_the_program(void)
{
	uint64_t end, other_end;
	uint32_t near = count_frames(capture_below(0), &end);
	uint32_t far = count_frames(capture_below(20), &other_end);

	assert_true(near > 3);
	assert_true(end >= HEAPMARK_MARKER_LIMIT);
	assert_int_equal(far, near + 20);
	assert_true(end == other_end);
}

static void reaches_it_by_rules(void **state)
{
	(void)state;
	if (!MACHINE_HAS_RULES)
		skip();
	config.unwind = HEAPMARK_UNWIND_AUTO;
	reaches_the_start_of_the_program();
	assert_int_equal(capture_walks().by_libunwind, 0);
}

static void reaches_it_by_libunwind(void **state)
{
	(void)state;
	capture_load();
	config.unwind = HEAPMARK_UNWIND_LIBUNWIND;
	reaches_the_start_of_the_program();
	assert_int_equal(capture_walks().by_libunwind, 2);
}

static uint32_t captured_twice[2];

static NOINLINE void capture_twice(void)
{
	static const config_CHOICE ways[] = {HEAPMARK_UNWIND_AUTO, HEAPMARK_UNWIND_LIBUNWIND};

	/* In a loop that stays one, so that both are at the same return address. */
	for (int i = 0; i < 2; i++) {
		__asm__ volatile("" : "+r"(i));
		config.unwind = ways[i];
		captured_twice[i] = capture_here();
	}
}

static void is_one_stack_by_either_way(void **state)
{
	(void)state;
	if (!MACHINE_HAS_RULES)
		skip();
	capture_twice();
	assert_int_not_equal(captured_twice[0], 0);
	assert_int_equal(captured_twice[0], captured_twice[1]);
}

/* The inner end of a stack is kept, under a marker. */
static void check_cut(uint32_t node, uint64_t limit)
{
	uint64_t end;

	assert_int_equal(count_frames(node, &end), limit);
	assert_int_equal(end, HEAPMARK_MARKER_TRUNCATED);
	node = nodes_parent(nodes_parent(node));
	assert_true(pc_of(node) == pc_of(nodes_parent(node))); /* the recursion */
}

static void cuts_at_the_limit_and_keeps_the_inner_end(void **state)
{
	uint64_t before = lost_count(HEAPMARK_LOSS_STACK_TRUNCATED), depth = config.depth;

	(void)state;
	config.depth = 10;
	config.unwind = HEAPMARK_UNWIND_LIBUNWIND;
	check_cut(capture_below(30), 10);
	config.unwind = HEAPMARK_UNWIND_AUTO;
	check_cut(capture_below(31), 10);
	assert_int_equal(lost_count(HEAPMARK_LOSS_STACK_TRUNCATED), before + 2);
	config.depth = depth;
}

static void keeps_a_stack_that_just_fits(void **state)
{
	static const config_CHOICE ways[] = {HEAPMARK_UNWIND_LIBUNWIND, HEAPMARK_UNWIND_AUTO};
	uint64_t end, depth = config.depth;

	(void)state;
	for (int i = 0; i < 2; i++) {
		config.unwind = ways[i];
		config.depth = depth;
		config.depth = count_frames(capture_below(30), &end);
		assert_true(count_frames(capture_below(30), &end) == config.depth);
		assert_true(end >= HEAPMARK_MARKER_LIMIT);
		config.depth--;
		assert_true(count_frames(capture_below(30), &end) == config.depth);
		assert_int_equal(end, HEAPMARK_MARKER_TRUNCATED);
	}
	config.depth = depth;
}

static void compares_with_another_unwinder(void **state)
{
	uint64_t rarely = config.verify;
	struct walks before = capture_walks(), after;

	(void)state;
	config.unwind = HEAPMARK_UNWIND_AUTO;
	config.verify = self.verify_in = 2;
	for (int i = 0; i < 10; i++)
		assert_int_not_equal(capture_below(i), 0);
	config.verify = self.verify_in = rarely;
	after = capture_walks();
	assert_int_equal(after.compared, before.compared + 5);
	assert_int_equal(after.different, 0);
	assert_int_equal(lost_count(HEAPMARK_LOSS_STACK_MISMATCH), 0);
}

/* Whichever way each is found, and cut or not. The note is the node, so that another's shows. */
static void gives_a_stack_its_own_note_only(void **state)
{
	uint64_t seed = 8, depth = config.depth, come_back = 0;

	(void)state;
	for (int i = 0; i < 5000; i++) {
		struct stack_note *note;
		uint32_t node;

		config.unwind =
			test_below(&seed, 8) ? HEAPMARK_UNWIND_AUTO : HEAPMARK_UNWIND_LIBUNWIND;
		config.depth = test_below(&seed, 8) ? depth : 12;
		node = capture_below((int)test_below(&seed, 30));
		note = capture_note(&self);
		assert_int_not_equal(node, 0);
		assert_true(note->site == 0 || note->site == node);
		come_back += note->site == node;
		if (note != &self.stacks.nothing_noted)
			note->site = node;
	}
	config.depth = depth;
	assert_true(come_back > 100 || !MACHINE_HAS_RULES);
}

static NOINLINE uint32_t capture_elsewhere_below(int depth)
{
	struct here elsewhere = {0, 0x123456}; /* no unwinder finds that caller on our stack */
	uint32_t node =
		depth > 0 ? capture_elsewhere_below(depth - 1) : capture_stack(&self, &elsewhere);

	__asm__ volatile(""); /* no tail call */
	return node;
}

static void keeps_the_caller_and_marks_the_rest_unknown(void **state)
{
	uint32_t node;

	(void)state;
	config.unwind = HEAPMARK_UNWIND_LIBUNWIND;
	node = capture_elsewhere_below(30);
	assert_true(pc_of(node) == 0x123456);
	assert_int_equal(pc_of(nodes_parent(node)), HEAPMARK_MARKER_UNKNOWN);
	assert_int_equal(nodes_parent(nodes_parent(node)), 0);
	assert_int_equal(lost_count(HEAPMARK_LOSS_STACK_UNKNOWN), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reaches_it_by_rules),
		cmocka_unit_test(reaches_it_by_libunwind),
		cmocka_unit_test(is_one_stack_by_either_way),
		cmocka_unit_test(cuts_at_the_limit_and_keeps_the_inner_end),
		cmocka_unit_test(keeps_a_stack_that_just_fits),
		cmocka_unit_test(compares_with_another_unwinder),
		cmocka_unit_test(gives_a_stack_its_own_note_only),
		cmocka_unit_test(keeps_the_caller_and_marks_the_rest_unknown),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
