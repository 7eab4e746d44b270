/* SPDX-License-Identifier: MIT */
/*
 * What a process's memory is made of, where it was looked at: when the heap was at its largest, and
 * at the end. It answers why the resident memory is more than what the program asked for.
 */
#ifndef ANALYZER_REPORT_MEMORY_H
#define ANALYZER_REPORT_MEMORY_H

#include "model/profile.h"
#include "util/out.h"

/* The heap's part taken apart. All in bytes. */
struct heap_split {
	uint64_t requested; /* live: what the program asked for */
	uint64_t allocator; /* headers, rounding, and blocks that were freed and are kept */
	uint64_t
		not_resident; /* of both: never touched, given back to the system, or swapped out */
};

/* Live bytes may lie in maps too (a pool's), so a part may be less than it is, but none below 0. */
struct heap_split heap_split(const struct snapshot *snapshot);

/* All parts' resident bytes. */
uint64_t memory_resident(const struct snapshot *snapshot);

/* The two snapshots whose memory was looked at, or NULL: of the largest heap, and the last. They
 * may be the same. */
const struct snapshot *memory_largest(const struct profile *profile);
const struct snapshot *memory_last(const struct profile *profile);

/* "heap", "maps", ...: the kinds' names in JSON, by enum heapmark_region. */
const char *memory_kind(unsigned kind);

void memory_text(struct out *out, const struct profile *profile);
void memory_json(struct out *out, const struct profile *profile);

#endif
