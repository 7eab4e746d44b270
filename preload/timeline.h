/* SPDX-License-Identifier: MIT */
/*
 * Live bytes, live blocks and resident memory over time, more finely than snapshots.
 *
 * Points are kept until the next snapshot takes them. If that is long in coming, every other point
 * is dropped and they are taken half as often: a long run has a coarser line, not a longer file.
 * Needs the tables lock, but for timeline_due_ns().
 */
#ifndef PRELOAD_TIMELINE_H
#define PRELOAD_TIMELINE_H

#include <stdint.h>

#define TIMELINE_ROOM 2048

struct point {
	uint64_t time_ns, live_bytes, live_blocks, resident_bytes;
};

/* When the next point is wanted, as a time since recording began. */
uint64_t timeline_due_ns(void);
void timeline_add(struct point point);

/* Moves the points to `to`, which has TIMELINE_ROOM, and returns how many. */
uint32_t timeline_take(struct point *to);
void timeline_child(void);

#endif
