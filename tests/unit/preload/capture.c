/* SPDX-License-Identifier: MIT */
/* Call stacks: with nothing to unwind with, then with libunwind, then beyond the limit. */
#include "capture/capture.h"

#include "config.h"
#include "lost.h"
#include "test.h"
#include "thread.h"

static struct thread self;

static int start(void **state)
{
	static void *frames[HEAPMARK_DEPTH_MAX + THREAD_OWN_FRAMES];
	char *none[] = {NULL};

	(void)state;
	config_read(none);
	self.frames = frames;
	return 0;
}

static __attribute__((noinline)) struct stack capture_here(void)
{
	return capture_stack(&self, __builtin_return_address(0));
}

static __attribute__((noinline)) struct stack capture_below(int depth)
{
	struct stack stack = depth > 0 ? capture_below(depth - 1) : capture_here();

	__asm__ volatile(""); /* no tail call */
	return stack;
}

static void keeps_the_caller_and_marks_the_rest_unknown(void **state)
{
	struct stack stack = capture_here();

	(void)state;
	assert_int_equal(stack.count, 1);
	assert_int_equal(stack.cut, HEAPMARK_MARKER_UNKNOWN);
	assert_int_equal(lost_count(HEAPMARK_LOSS_STACK_UNKNOWN), 1);
}

static void reaches_the_start_of_the_program(void **state)
{
	struct stack near, far;

	(void)state;
	capture_start();
	capture_load();
	near = capture_below(0);
	far = capture_below(20);
	assert_int_equal(near.cut, 0);
	assert_int_equal(far.count, near.count + 20);
	assert_int_equal(lost_count(HEAPMARK_LOSS_STACK_UNKNOWN), 1);
}

static void cuts_at_the_limit_and_keeps_the_inner_end(void **state)
{
	struct stack stack;

	(void)state;
	config.depth = 10;
	stack = capture_below(30);
	assert_int_equal(stack.count, 10);
	assert_int_equal(stack.cut, HEAPMARK_MARKER_TRUNCATED);
	assert_ptr_equal(stack.frames[5], stack.frames[6]); /* the recursion */
	assert_int_equal(lost_count(HEAPMARK_LOSS_STACK_TRUNCATED), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_the_caller_and_marks_the_rest_unknown),
		cmocka_unit_test(reaches_the_start_of_the_program),
		cmocka_unit_test(cuts_at_the_limit_and_keeps_the_inner_end),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
