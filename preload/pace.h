/* SPDX-License-Identifier: MIT */
/*
 * When something is due: a point of the timeline, a snapshot at the interval or because the peak
 * grew. There is no thread of ours, so the thread that passes a deadline sees to it.
 */
#ifndef PRELOAD_PACE_H
#define PRELOAD_PACE_H

#include <stdbool.h>

void pace_start(void);

/* After every event, with the tables lock: whether pace_act() is to be called. Reads the clock only
 * about once a millisecond. */
bool pace_tick(void);

/* Does what is due. Outside the lock, with the guard up. */
void pace_act(void);

/* An allocation of the program's failed: a snapshot that shows what holds the memory, unless there
 * have been some. */
void pace_out_of_memory(void);

#endif
