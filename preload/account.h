/* SPDX-License-Identifier: MIT */
/*
 * The counters: per site and in total, and the exact peak. Needs the tables lock.
 *
 * The peak costs nothing while the heap grows. It is declared at the first decrease after a rise,
 * when the total is still at its maximum: an epoch counter moves, and each site saves its own value
 * at that peak when it is next touched (a site that is not touched still has it). See FORMAT.md,
 * "SITES", for how a trace expresses the same.
 *
 * Totals cover the domains that the program asked for, so that no byte counts twice: not `mmap`,
 * and not `arena`.
 */
#ifndef PRELOAD_ACCOUNT_H
#define PRELOAD_ACCOUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "sites.h"

struct totals {
	uint64_t allocations, allocated_bytes, frees, reallocations, temporary;
	uint64_t live_blocks, live_bytes;
	uint64_t peak_blocks, peak_bytes, peak_time_ns;
	uint64_t window_peak_bytes; /* since heapmark_reset_peak() */
};

extern struct totals totals;

void account_alloc(uint32_t site, uint64_t size);
void account_free(uint32_t site, uint64_t size, bool temporary);

/* One free and one allocation, but live bytes move by the difference only: no false peak. */
void account_realloc(uint32_t old_site, uint64_t old_size, uint32_t site, uint64_t size);

/* A live block becomes storage: its bytes leave one site and join another, uncounted. */
void account_move(uint32_t from, uint32_t to, uint64_t size);

/* A live block loses or gains bytes, but stays: a map was unmapped in part, or resized. Of what it
 * gains, `allocated` bytes are new. Storage domains only: the peak is not looked at. */
void account_shrink(uint32_t site, uint64_t bytes);
void account_grow(uint32_t site, uint64_t bytes, uint64_t allocated);

/* No later peak is dated before this: the clock used for peaks is coarse. */
void account_time_passed(uint64_t elapsed_ns);

/* Declares the peak if the total is above it: before the peak is read. */
void account_settle_peak(void);
void account_reset_window(void);

/* Saves the site's value at the peak if it has not been: before its peak_* are read. */
void account_settle_site(struct site *site);

/* The peaks declared so far. */
uint32_t account_epoch(void);

/* Sites that changed since they were last taken: calls `each` and marks them as taken. */
void account_take_dirty(void (*each)(const struct site *site, void *context), void *context);
uint32_t account_dirty_count(void);

/* Makes every site count as changed: what was written may be lost. */
void account_all_dirty(void);

/* In a forked child: what is live stays, and is the peak so far; all else starts at 0. */
void account_child(void);

#endif
