/* SPDX-License-Identifier: MIT */
/*
 * Snapshots: a private, consistent copy of what changed, taken under the tables lock; encoding,
 * compressing and writing it is done afterwards, when the program's threads need nothing of ours.
 */
#ifndef PRELOAD_SNAPSHOT_H
#define PRELOAD_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "account.h"
#include "heapmark/format.h"
#include "timeline.h"

#define SNAPSHOT_LABEL_MAX 255

struct snapshot {
	enum heapmark_reason reason;
	uint32_t flags;
	uint64_t time_ns;
	const char *label;
	size_t label_bytes;
	struct totals totals;
	uint64_t threads, resident_bytes;
	uint32_t nodes, domains, epoch; /* how many there were */

	struct site *sites; /* ordered by node, then domain */
	uint32_t site_count;
	struct point points[TIMELINE_ROOM];
	uint32_t point_count;
};

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

/* Nanoseconds spent on snapshots, and how many were taken. */
uint64_t snapshot_cost_ns(uint32_t *count);

/* Holds off snapshots across a fork; in the child, forgets what the parent had written. */
bool snapshot_hold(void);
void snapshot_release(void);
void snapshot_child(void);

#endif
