/* SPDX-License-Identifier: MIT */
/*
 * From a hook to the call stack of the program at that point, as a node of the tree. No lock is
 * held while unwinding.
 */
#ifndef PRELOAD_CAPTURE_CAPTURE_H
#define PRELOAD_CAPTURE_CAPTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/here.h"
#include "capture/walk.h"
#include "capture/walks.h"

/* As early as may be, and just before main(); see unwind.h. False: no memory. */
bool capture_start(void);
void capture_load(void);
void capture_avoid_loader(void);

/* Room for a new thread. False: no memory. */
bool capture_join(struct thread *self);

uint32_t capture_anew(struct thread *self, const struct here *here);

/* The stack's node; 0: no memory. */
static HOT uint32_t capture_stack(struct thread *self, const struct here *here)
{
	uint32_t node;

	store_relaxed(&self->stacks.captured, load_relaxed(&self->stacks.captured) + 1);
	node = walk_again(&self->stacks, here);
	return node ? node : capture_anew(self, here);
}

/* A place for what the caller finds for the stack that it has just got (in one and the same way for
 * every stack): nothing, or what was put there for that stack before. Spares looking it up again.
 */
static HOT struct stack_note *capture_note(struct thread *self)
{
	return self->stacks.noted;
}

/* Totals so far, over all threads. */
struct walks capture_walks(void);

/* Around a fork. False: gave up. */
bool capture_hold(void);
void capture_release(void);
void capture_child(void);

#endif
