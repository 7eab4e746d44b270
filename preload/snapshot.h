/* SPDX-License-Identifier: MIT */
/*
 * Snapshots: a private, consistent copy of what changed, taken while the world is stopped; sorting,
 * encoding, compressing and writing it is done afterwards, when it goes on.
 *
 * A large one would hold up its thread for long. So the memory for one that is merely due is made
 * ready in pieces before, and only what is quickly done is written at once; the rest stays pending
 * and is written in slices, by whichever thread comes by. There is one snapshot at a time: what is
 * asked for finishes the one before, and what is merely due waits. A process that is killed loses
 * the one that is pending.
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
	bool at_once; /* write all of it, rather than leave it pending */
	bool wait;    /* ...after waiting for a thread that is at another one; else give up */
};

/* Has the memory at hand that most need: the program may have used up all there is by then. */
void snapshot_start(void);

/* Makes memory ready for what has changed so far, by a bounded piece; a rest is due then. True:
 * there is enough, or the system has no more to give. False: call again, or another thread is at
 * it. */
bool snapshot_prepare(void);

/* Takes one. Returns its number, or 0: it is pending, or there is none. */
uint32_t snapshot_take(const struct snapshot_request *request);

/* By times since recording began: is one pending, and a slice of it due; and may the program be
 * burdened with another one that nobody asked for? From any thread. */
bool snapshot_slice_is_due(uint64_t now_ns);
bool snapshot_is_affordable(uint64_t now_ns);

/* Writes a slice of the one that is pending, if no other thread is at it. */
void snapshot_continue(void);

/* The last snapshot and the END record. */
void snapshot_end(const struct snapshot_request *request, enum heapmark_end how, int status);

/* The END that was just written was premature. */
void snapshot_take_back_end(void);

/* Holds off snapshots across a fork. The parent then goes on with the one that is pending; the
 * child forgets it, and all that the parent had written. */
bool snapshot_hold(void);
void snapshot_release(void);
void snapshot_child(void);

#endif
