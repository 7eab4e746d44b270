/* SPDX-License-Identifier: MIT */
/* Capturing the program's call stack: by our own walk, or else as a whole by another unwinder. */
#include "capture/capture.h"

#include <errno.h>

#include "cancel.h"
#include "capture/calls.h"
#include "capture/tree.h"
#include "capture/unwind.h"
#include "capture/walk.h"
#include "config.h"
#include "heapmark/format.h"
#include "lost.h"
#include "mem.h"
#include "thread.h"

static struct {
	_Atomic uint64_t by_libunwind, compared, different;
} counts;

static bool is_plain; /* stacks are walked by us, and none is verified */

bool capture_start(void)
{
	is_plain = MACHINE_HAS_RULES && config.unwind == HEAPMARK_UNWIND_AUTO && !config.verify;
	unwind_start();
	return calls_start() && tree_start();
}

void capture_load(void)
{
	unwind_load();
}

void capture_avoid_loader(void)
{
	unwind_avoid_loader();
}

bool capture_join(struct thread *self)
{
	self->stacks.raw = mem_take((config.depth + THREAD_OWN_FRAMES) * sizeof(void *));
	self->verify_in = config.verify;
	return self->stacks.raw && walk_start(&self->stacks);
}

/* Return addresses, innermost first. */
struct raw_stack {
	void **frames;
	uint32_t count;
};

/* Our frames lie below the program's; how many depends on the compiler, so look for the seam. */
static struct raw_stack cut_at_seam(struct raw_stack stack, uint64_t caller)
{
	uint32_t seam = 0;

	while (seam < stack.count && seam < THREAD_OWN_FRAMES &&
	       (uint64_t)stack.frames[seam] != caller)
		seam++;
	if (seam == THREAD_OWN_FRAMES)
		seam = stack.count;
	stack.frames += seam;
	stack.count -= seam;
	for (uint32_t i = 0; i < stack.count; i++)
		if (!walk_may_be_code((uint64_t)stack.frames[i]))
			stack.count = i; /* where the unwinder has lost its way, or the end */
	return stack;
}

static NOINLINE struct raw_stack unwind(struct thread *self, const struct here *here)
{
	struct raw_stack stack = {self->stacks.raw, 0};
	int saved_errno = errno;
	int cancel = cancel_hold();

	self->own_work = true; /* an unwinder new to this thread sets itself up */
	stack.count = unwind_stack(stack.frames, (uint32_t)config.depth + THREAD_OWN_FRAMES);
	self->own_work = false;
	cancel_restore(cancel);
	errno = saved_errno;
	return cut_at_seam(stack, here->pc);
}

/* The node of a marker that stands for outer frames; see FORMAT.md. */
static uint32_t marker(enum heapmark_marker which)
{
	uint32_t call = calls_find(which);

	return call ? tree_child(0, call) : 0;
}

static uint32_t truncated(void)
{
	lost_add(HEAPMARK_LOSS_STACK_TRUNCATED, 1);
	return marker(HEAPMARK_MARKER_TRUNCATED);
}

static uint32_t intern(struct raw_stack stack)
{
	bool cut = stack.count > config.depth;
	uint32_t node = cut ? truncated() : 0;

	if (cut)
		stack.count = (uint32_t)config.depth;
	if (cut && !node)
		return 0;
	while (stack.count-- > 0) {
		uint32_t call = calls_find((uint64_t)stack.frames[stack.count]);

		node = call ? tree_child(node, call) : 0;
		if (!node)
			return 0;
	}
	return node;
}

static uint32_t caller_only(const struct here *here)
{
	uint32_t call = calls_find(here->pc), outer = marker(HEAPMARK_MARKER_UNKNOWN);

	lost_add(HEAPMARK_LOSS_STACK_UNKNOWN, 1);
	return call && outer ? tree_child(outer, call) : 0;
}

static COLD uint32_t capture_by_libunwind(struct thread *self, const struct here *here)
{
	struct raw_stack stack = unwind(self, here);

	add_relaxed(&counts.by_libunwind, 1);
	return stack.count > 0 ? intern(stack) : caller_only(here);
}

static COLD uint32_t capture_by_frame_pointers(struct thread *self, const struct here *here)
{
	struct raw_stack stack = {self->stacks.raw, 0};

	stack.count = walk_frame_pointers(stack.frames, (uint32_t)config.depth + 1, here);
	return intern(stack);
}

/* A stack that is deeper than the limit: its inner frames are fresh, and have no nodes. */
static COLD uint32_t intern_deep(const struct stack_memory *memory, uint32_t count)
{
	uint32_t node = truncated();

	while (count-- > 0 && node)
		node = tree_child(node, memory->fresh[count].call);
	return node;
}

static bool is_same(uint32_t node, struct raw_stack stack)
{
	uint32_t i = 0;

	for (; node; node = nodes_parent(node), i++) {
		uint64_t pc = calls_get(nodes_call(node))->pc;

		if (pc == HEAPMARK_MARKER_TRUNCATED)
			return stack.count > i;
		if (i >= stack.count || pc != (uint64_t)stack.frames[i])
			return false;
	}
	return i == stack.count;
}

static COLD void verify(struct thread *self, const struct here *here, uint32_t node)
{
	struct raw_stack stack;

	self->verify_in = config.verify;
	stack = unwind(self, here);
	if (stack.count == 0 || !node || !unwind_is_libunwind())
		return; /* there is nothing to compare with: unwinders end stacks differently */
	add_relaxed(&counts.compared, 1);
	if (is_same(node, stack))
		return;
	add_relaxed(&counts.different, 1);
	lost_add(HEAPMARK_LOSS_STACK_MISMATCH, 1);
}

static uint32_t capture_by_rules(struct thread *self, const struct here *here)
{
	struct walk walk = walk_stack(&self->stacks, here);

	if (likely(walk.outcome == WALK_DONE))
		return walk.node;
	if (walk.outcome == WALK_NO_RULE)
		return capture_by_libunwind(self, here);
	return walk.outcome == WALK_TOO_DEEP ? intern_deep(&self->stacks, walk.count) : 0;
}

static uint32_t capture_as_configured(struct thread *self, const struct here *here)
{
	if (config.unwind == HEAPMARK_UNWIND_LIBUNWIND || !MACHINE_HAS_RULES)
		return capture_by_libunwind(self, here);
	if (config.unwind == HEAPMARK_UNWIND_FP)
		return capture_by_frame_pointers(self, here);
	return capture_by_rules(self, here);
}

uint32_t capture_anew(struct thread *self, const struct here *here)
{
	uint32_t node;

	self->stacks.noted = &self->stacks.nothing_noted;
	if (likely(is_plain))
		return capture_by_rules(self, here);
	node = capture_as_configured(self, here);
	if (self->verify_in && --self->verify_in == 0)
		verify(self, here, node);
	return node;
}

struct walks capture_walks(void)
{
	struct walks walks = {
		.by_libunwind = load_relaxed(&counts.by_libunwind),
		.compared = load_relaxed(&counts.compared),
		.different = load_relaxed(&counts.different),
	};

	for (struct thread *thread = thread_first(); thread; thread = thread_next(thread))
		walks.captured += load_relaxed(&thread->stacks.captured);
	return walks;
}

bool capture_hold(void)
{
	return lock_take(&capture_lock);
}

void capture_release(void)
{
	lock_drop(&capture_lock);
}

void capture_child(void)
{
	lock_reset(&capture_lock);
	store_relaxed(&counts.by_libunwind, 0);
	store_relaxed(&counts.compared, 0);
	store_relaxed(&counts.different, 0);
	for (struct thread *thread = thread_first(); thread; thread = thread_next(thread)) {
		store_relaxed(&thread->stacks.captured, 0);
		thread->stacks.recent_since = 0;
		if (thread != thread_self)
			walk_left_behind(&thread->stacks);
	}
}
