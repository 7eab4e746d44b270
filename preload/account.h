/* SPDX-License-Identifier: MIT */
/*
 * The counters: what each event does to the cells of the thread it happens on, per site and in
 * total, and to the peak. All but the last part is called in a section (world.h).
 *
 * At the peak an epoch moves, and each cell saves its own value at that peak when it is next
 * touched (one that is not touched still has it). See FORMAT.md, "SITES", for how a trace expresses
 * the same.
 *
 * Totals cover the domains that the program asked for, so that no byte counts twice: not `mmap`,
 * and not `arena`.
 */
#ifndef PRELOAD_ACCOUNT_H
#define PRELOAD_ACCOUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "domains.h"
#include "live.h"
#include "sample.h"
#include "sites.h"
#include "thread.h"

/* The cell of an event's site, ready to be changed; NULL: no memory. All cells that an event
 * changes are settled by one and the same epoch, or sites would not add up to totals. */
static HOT struct cell *account_touch(struct thread *self, uint32_t site, uint32_t epoch)
{
	struct cell *cell = cells_find(&self->cells, site);

	if (unlikely(!cell))
		return NULL;
	if (unlikely(cell->stamp != epoch)) {
		cell_settle(cell, epoch);
		cell_mark_dirty(&self->cells, cell, site);
	}
	return cell;
}

/* The epoch of an event after which there is no less live than before. */
static HOT uint32_t account_epoch(void)
{
	return load_relaxed(&peak_epoch);
}

/* The epoch of an event that is a decrease of what the program asked for. */
static HOT uint32_t account_epoch_before_fall(struct thread *self)
{
	if (unlikely(self->totals.stamp != account_epoch()))
		peak_others_rose(&self->share);
	peak_before_fall(&self->share);
	return account_epoch();
}

/* False: no memory, and nothing has changed. The domain of `site` is asked for. */
static HOT bool account_alloc(struct thread *self, uint32_t site, uint64_t size)
{
	uint32_t epoch = account_epoch();
	struct cell *cell = account_touch(self, site, epoch), *totals = &self->totals;

	if (unlikely(!cell))
		return false;
	cell->allocations++;
	cell->allocated_bytes += size;
	cell_note_max(cell);
	cell_settle(totals, epoch);
	add_owned(&totals->allocations, 1);
	totals->allocated_bytes += size;
	peak_rise(&self->share, size);
	return true;
}

static HOT void account_free(struct thread *self, uint32_t site, uint64_t size, bool temporary)
{
	uint32_t epoch = account_epoch_before_fall(self);
	struct cell *cell = account_touch(self, site, epoch), *totals = &self->totals;

	if (unlikely(!cell))
		return;
	cell->frees++;
	cell->freed_bytes += size;
	cells_count_temporary(&self->cells, site, cell, temporary);
	cell_settle(totals, epoch);
	add_owned(&totals->frees, 1);
	totals->freed_bytes += size;
	self->totals_more.temporary += temporary;
	peak_fall(&self->share, size);
}

/* One free and one allocation, but live bytes move by the difference only: no false peak. */
void account_realloc(struct thread *self, uint32_t old_site, uint64_t old_size, uint32_t site,
		     uint64_t size);

/* The same for a block of a sample, with what it stands for. */
void account_sample_alloc(struct thread *self, uint32_t site, struct weight weight,
			  bool is_realloc);
void account_sample_free(struct thread *self, uint32_t site, struct weight weight, bool temporary);

/* Allocation and free for storage domains, which are in no totals. */
void account_storage_alloc(struct thread *self, uint32_t site, uint64_t size);
void account_storage_free(struct thread *self, uint32_t site, uint64_t size);

/* A block of the heap is gone, whatever it was recorded as. */
void account_gone(struct thread *self, struct live_block block, bool temporary);

/* A live block becomes storage: its bytes leave one site and join another, uncounted. */
void account_move(struct thread *self, uint32_t from, uint32_t to, uint64_t size);

/* A live block loses or gains bytes, but stays: a map was unmapped in part, or resized. What it
 * gains is allocated. Storage domains only. */
void account_shrink(struct thread *self, uint32_t site, uint64_t bytes);
void account_grow(struct thread *self, uint32_t site, uint64_t bytes);

/* Over all threads, now. A little off while they run. */
uint64_t account_live_blocks(void);

/*
 * Reading. While the world is stopped.
 */

struct totals {
	uint64_t allocations, allocated_bytes, frees, reallocations, temporary;
	uint64_t live_blocks, live_bytes;
	uint64_t peak_blocks, peak_bytes, peak_time_ns, peak_error_bytes;
};
struct totals account_totals(void);

/* A site's values, summed over threads. */
struct site_values {
	uint32_t node;
	uint32_t domain;
	uint64_t allocations, allocated_bytes, frees, reallocations, temporary;
	uint64_t live_blocks, live_bytes;
	uint64_t peak_blocks, peak_bytes;
	uint64_t max_bytes; /* a lower bound if several threads used the site */
};

/* The same of a sample's variances. */
struct site_variance {
	uint64_t live, peak;
};

/* Sites that changed since they were last taken: writes their values to `to`, and their variances
 * to `variances` unless that is NULL. Returns how many: at most account_dirty_count(). */
uint32_t account_take_dirty(struct site_values *to, struct site_variance *variances);

/* Also while threads run; then it may be a little off. */
uint32_t account_dirty_count(void);

/* Makes every site count as changed: what was written may be lost. In a section of the caller's. */
void account_all_dirty(struct thread *self);

/* In a forked child: what is live stays, and is the peak so far; all else starts at 0. */
void account_child(void);

#endif
