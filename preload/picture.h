/* SPDX-License-Identifier: MIT */
/* What a snapshot is, once it is taken: a private copy that nobody else changes. */
#ifndef PRELOAD_PICTURE_H
#define PRELOAD_PICTURE_H

#include <stddef.h>
#include <stdint.h>

#include "account.h"
#include "capture/walks.h"
#include "heapmark/format.h"
#include "own.h"
#include "regions.h"
#include "timeline.h"

#define PICTURE_LABEL_MAX 255

/* What recording cost so far. */
struct cost {
	uint64_t memory_bytes; /* asked of the kernel */
	struct own_totals own;
	uint64_t snapshots, snapshots_ns;
};

struct picture {
	enum heapmark_reason reason;
	uint32_t flags;
	uint64_t time_ns;
	const char *label;
	size_t label_bytes;
	struct totals totals;
	uint64_t threads, resident_bytes;
	uint32_t nodes, domains, epoch; /* how many there were */

	struct site_values *sites;
	struct site_variance *variances; /* of a sample, one for each site; else NULL */
	uint32_t site_count;
	struct point points[TIMELINE_ROOM];
	uint32_t point_count;
	struct regions regions;
	struct cost cost;
	struct walks walks;
};

#endif
