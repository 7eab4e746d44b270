/* SPDX-License-Identifier: MIT */
/*
 * Snapshots: a private, consistent copy of what changed, taken under the tables lock; encoding,
 * compressing and writing it is done afterwards, when the program's threads need nothing of ours.
 */
#ifndef PRELOAD_SNAPSHOT_H
#define PRELOAD_SNAPSHOT_H

#include <stdbool.h>
#include <stdint.h>

#include "heapmark/format.h"

/* What is asked for: why, and under which name (NULL: none). */
struct snapshot_request {
	enum heapmark_reason reason;
	const char *label;
	bool wait; /* for a snapshot that another thread is taking; else give up */
};

/* Takes and writes one. Returns its number, or 0: none was taken. */
uint32_t snapshot_take(const struct snapshot_request *request);

/* The last snapshot and the END record. */
void snapshot_end(const struct snapshot_request *request, enum heapmark_end how, int status);

/* The END that was just written was premature. */
void snapshot_take_back_end(void);

/* Holds off snapshots across a fork; in the child, forgets what the parent had written. */
bool snapshot_hold(void);
void snapshot_release(void);
void snapshot_child(void);

#endif
