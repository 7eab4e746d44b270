/* SPDX-License-Identifier: MIT */
/* Capturing the program's call stack: unwind, leave out our own frames, keep to the limit. */
#include "capture/capture.h"

#include "cancel.h"
#include "capture/unwind.h"
#include "config.h"
#include "lost.h"
#include "thread.h"

void capture_start(void)
{
	unwind_start();
}

void capture_load(void)
{
	unwind_load();
}

void capture_avoid_loader(void)
{
	unwind_avoid_loader();
}

/* Our frames lie below the program's; how many depends on the compiler, so look for the seam. */
static uint32_t find_seam(void **frames, uint32_t count, const void *caller)
{
	for (uint32_t i = 0; i < count && i < THREAD_OWN_FRAMES; i++)
		if (frames[i] == caller)
			return i;
	return count;
}

static struct stack caller_only(struct thread *self, void *caller)
{
	lost_add(HEAPMARK_LOSS_STACK_UNKNOWN, 1);
	self->frames[0] = caller;
	return (struct stack){self->frames, 1, HEAPMARK_MARKER_UNKNOWN};
}

struct stack capture_stack(struct thread *self, void *caller)
{
	uint32_t depth = (uint32_t)config.depth;
	uint32_t count, seam;
	int cancel;
	struct stack stack;

	cancel = cancel_hold();
	self->own_work = true; /* an unwinder new to this thread sets itself up */
	count = unwind_stack(self->frames, depth + THREAD_OWN_FRAMES);
	self->own_work = false;
	cancel_restore(cancel);
	seam = find_seam(self->frames, count, caller);
	stack = (struct stack){self->frames + seam, count - seam, 0};
	while (stack.count > 0 && !stack.frames[stack.count - 1])
		stack.count--;
	if (stack.count == 0)
		return caller_only(self, caller);
	if (stack.count > depth) {
		lost_add(HEAPMARK_LOSS_STACK_TRUNCATED, 1);
		stack.count = depth;
		stack.cut = HEAPMARK_MARKER_TRUNCATED;
	}
	return stack;
}
