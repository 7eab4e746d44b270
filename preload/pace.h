/* SPDX-License-Identifier: MIT */
/*
 * When something is due: a point of the timeline, a snapshot at the interval or because the peak
 * grew. There is no thread of ours, so the thread that passes a deadline sees to it.
 */
#ifndef PRELOAD_PACE_H
#define PRELOAD_PACE_H

#include <stdbool.h>

#include "thread.h"

void pace_start(void);

/* A new thread. */
void pace_join(struct thread *self);

bool pace_look(struct thread *self);

/* After every event: whether pace_act() is to be called. Reads the clock only about once a
 * millisecond. */
static inline bool pace_tick(struct thread *self)
{
	return unlikely(--self->until_look == 0) && pace_look(self);
}

/* Does what is due. With the guard up, outside of locks and sections. */
void pace_act(void);

/* An allocation of the program's failed: a snapshot that shows what holds the memory, unless there
 * have been some. */
void pace_out_of_memory(void);

#endif
