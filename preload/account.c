/* SPDX-License-Identifier: MIT */
/* The rarer events, and reading the counters; see account.h. */
#include "account.h"

void account_realloc(struct thread *self, uint32_t old_site, uint64_t old_size, uint32_t site,
		     uint64_t size)
{
	uint32_t epoch = size < old_size ? account_epoch_before_fall(self) : account_epoch();
	struct cell *old = account_touch(self, old_site, epoch);
	struct cell *cell = account_touch(self, site, epoch);

	if (!old || !cell)
		return;
	old->frees++;
	old->freed_bytes += old_size;
	cell->allocations++;
	cells_count_realloc(&self->cells, site, cell);
	cell->allocated_bytes += size;
	cell_note_max(cell);
	cell_settle(&self->totals, epoch);
	add_owned(&self->totals.allocations, 1);
	self->totals.allocated_bytes += size;
	add_owned(&self->totals.frees, 1);
	self->totals.freed_bytes += old_size;
	self->totals_more.reallocations++;
	if (size >= old_size)
		peak_rise(&self->share, size - old_size);
	else
		peak_fall(&self->share, old_size - size);
}

static void sample_totals(struct thread *self, uint32_t epoch, struct weight weight)
{
	cell_settle(&self->totals, epoch);
	add_owned(&self->totals.allocations, weight.blocks);
	self->totals.allocated_bytes += weight.bytes;
	peak_rise(&self->share, weight.bytes);
}

void account_sample_alloc(struct thread *self, uint32_t site, struct weight weight, bool is_realloc)
{
	uint32_t epoch = account_epoch();
	struct cell *cell = account_touch(self, site, epoch);
	struct cell *variance = cells_find(&self->variances, site);

	if (!cell || !variance)
		return;
	cell->allocations += weight.blocks;
	cell->allocated_bytes += weight.bytes;
	if (is_realloc)
		cells_more(&self->cells, site)->reallocations += weight.blocks;
	cell_note_max(cell);
	cell_settle(variance, epoch);
	variance->allocated_bytes += weight.variance;
	self->totals_more.reallocations += is_realloc ? weight.blocks : 0;
	sample_totals(self, epoch, weight);
}

void account_sample_free(struct thread *self, uint32_t site, struct weight weight, bool temporary)
{
	uint32_t epoch = account_epoch_before_fall(self);
	struct cell *cell = account_touch(self, site, epoch);
	struct cell *variance = cells_find(&self->variances, site);

	if (!cell || !variance)
		return;
	cell->frees += weight.blocks;
	cell->freed_bytes += weight.bytes;
	if (temporary)
		cells_more(&self->cells, site)->temporary += weight.blocks;
	cell_settle(variance, epoch);
	variance->freed_bytes += weight.variance;
	cell_settle(&self->totals, epoch);
	add_owned(&self->totals.frees, weight.blocks);
	self->totals.freed_bytes += weight.bytes;
	self->totals_more.temporary += temporary ? weight.blocks : 0;
	peak_fall(&self->share, weight.bytes);
}

void account_storage_alloc(struct thread *self, uint32_t site, uint64_t size)
{
	struct cell *cell = account_touch(self, site, account_epoch());

	if (!cell)
		return;
	cell->allocations++;
	cell->allocated_bytes += size;
	cell_note_max(cell);
}

void account_storage_free(struct thread *self, uint32_t site, uint64_t size)
{
	struct cell *cell = account_touch(self, site, account_epoch());

	if (!cell)
		return;
	cell->frees++;
	cell->freed_bytes += size;
}

void account_gone(struct thread *self, struct live_block block, bool temporary)
{
	if (sample_mean)
		account_sample_free(self, block.site, sample_weight(block.size, block.heavier),
				    temporary);
	else if (block.is_arena)
		account_storage_free(self, block.site, block.size);
	else
		account_free(self, block.site, block.size, temporary);
}

void account_move(struct thread *self, uint32_t from_site, uint32_t to_site, uint64_t size)
{
	uint32_t epoch = account_epoch_before_fall(self);
	struct cell *from = account_touch(self, from_site, epoch);
	struct cell *to = account_touch(self, to_site, epoch);
	struct cell_more *from_more, *to_more;

	if (!from || !to)
		return;
	from_more = cells_make_more(&self->cells, from_site);
	to_more = cells_make_more(&self->cells, to_site);
	from->frees++;
	from->freed_bytes += size;
	if (from_more && to_more) {
		from_more->moved++;
		self->totals_more.moved++;
		to_more->moved--;
		to->frees--;
		to->freed_bytes -= size;
	} else { /* then it seems to be freed, and allocated anew */
		to->allocations++;
		to->allocated_bytes += size;
	}
	cell_note_max(to);
	cell_settle(&self->totals, epoch);
	add_owned(&self->totals.frees, 1);
	self->totals.freed_bytes += size;
	peak_fall(&self->share, size);
}

void account_shrink(struct thread *self, uint32_t site, uint64_t bytes)
{
	struct cell *cell = account_touch(self, site, account_epoch());

	if (cell)
		cell->freed_bytes += bytes;
}

void account_grow(struct thread *self, uint32_t site, uint64_t bytes)
{
	struct cell *cell = account_touch(self, site, account_epoch());

	if (!cell)
		return;
	cell->allocated_bytes += bytes;
	cell_note_max(cell);
}

/* For whatever has such fields: a site, or the totals. */
#define ADD_CELL(sum, cell, more, epoch) \
	do { \
		cell_settle(cell, epoch); \
		(sum)->allocations += (cell)->allocations; \
		(sum)->allocated_bytes += (cell)->allocated_bytes; \
		(sum)->frees += (cell)->frees - (uint64_t)(more)->moved; \
		(sum)->reallocations += (cell)->reallocations + (more)->reallocations; \
		(sum)->temporary += (cell)->temporary + (more)->temporary; \
		(sum)->live_blocks += cell_live_blocks(cell); \
		(sum)->live_bytes += cell_live_bytes(cell); \
		(sum)->peak_blocks += (cell)->peak_blocks; \
		(sum)->peak_bytes += (cell)->peak_bytes; \
	} while (0)

uint64_t account_live_blocks(void)
{
	uint64_t blocks = 0;

	for (struct thread *thread = thread_first(); thread; thread = thread_next(thread))
		blocks += cell_live_blocks(&thread->totals);
	return (int64_t)blocks > 0 ? blocks : 0;
}

struct totals account_totals(void)
{
	struct peak peak = peak_read();
	uint32_t epoch = account_epoch();
	struct totals sum = {.peak_time_ns = peak.time_ns};

	for (struct thread *thread = thread_first(); thread; thread = thread_next(thread))
		ADD_CELL(&sum, &thread->totals, &thread->totals_more, epoch);
	/* What the cells kept is what the sites add up to. It may be off from the sum that was
	 * declared by events that were under way. */
	if (peak.upper_bytes > sum.peak_bytes)
		sum.peak_error_bytes = peak.upper_bytes - sum.peak_bytes;
	return sum;
}

static bool was_used(const struct cell *cell)
{
	return cell->stamp & ~CELL_LISTED || cell->allocations || cell->frees || cell->freed_bytes;
}

static uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static struct site_values sum_up(uint32_t id, uint32_t epoch)
{
	const struct site *site = sites_get(id);
	struct site_values sum = {.node = site->node, .domain = site->domain};
	uint32_t users = 0;

	for (struct thread *thread = thread_first(); thread; thread = thread_next(thread)) {
		struct cell *cell = cells_get(&thread->cells, id);
		struct cell_more more;

		if (!cell || !was_used(cell))
			continue;
		more = cells_more_of(&thread->cells, id);
		ADD_CELL(&sum, cell, &more, epoch);
		if (users++ == 0)
			sum.max_bytes = cell->max_bytes;
	}
	if (users != 1)
		sum.max_bytes = 0;
	sum.max_bytes = larger(sum.max_bytes, larger(sum.live_bytes, sum.peak_bytes));
	return sum;
}

static struct site_variance sum_up_variance(uint32_t id, uint32_t epoch)
{
	struct site_variance sum = {0, 0};

	for (struct thread *thread = thread_first(); thread; thread = thread_next(thread)) {
		struct cell *variance = cells_get(&thread->variances, id);

		if (!variance)
			continue;
		cell_settle(variance, epoch);
		sum.live += cell_live_bytes(variance);
		sum.peak += variance->peak_bytes;
	}
	return sum;
}

/* Where the values of changed sites go. */
struct taking {
	struct site_values *values;
	struct site_variance *variances;
	uint32_t count, epoch;
	bool may_repeat; /* several threads may have changed the same site */
};

static void take(uint32_t id, struct taking *taking)
{
	if (taking->may_repeat) {
		struct site *site = sites_get(id);

		if (site->taken)
			return;
		site->taken = true;
	}
	if (taking->variances)
		taking->variances[taking->count] = sum_up_variance(id, taking->epoch);
	taking->values[taking->count++] = sum_up(id, taking->epoch);
}

#define AHEAD 16 /* cells: they are all over memory */

static void take_listed(struct cells *cells, struct taking *taking)
{
	for (uint32_t i = 0; i < cells->dirty_count; i++) {
		if (i + AHEAD < cells->dirty_count)
			__builtin_prefetch(cells_get(cells, cells->dirty[i + AHEAD]));
		cell_clean(cells_get(cells, cells->dirty[i]));
		take(cells->dirty[i], taking);
	}
	store_owned(&cells->dirty_count, 0);
}

/* There was no memory for the list. */
static COLD void take_unlisted(struct cells *cells, struct taking *taking)
{
	for (uint32_t id = 1; id <= sites_count(); id++) {
		struct cell *cell = cells_get(cells, id);

		if (!cell || !cell_is_dirty(cell))
			continue;
		cell_clean(cell);
		take(id, taking);
	}
	store_owned(&cells->dirty_lost, false);
}

/* Which sites are taken already is not asked until the next snapshot. */
static void forget_taken(void)
{
	for (uint32_t id = 1; id <= sites_count(); id++)
		sites_get(id)->taken = false;
}

uint32_t account_take_dirty(struct site_values *to, struct site_variance *variances)
{
	struct taking taking = {to, variances, 0, account_epoch(), thread_has_others()};

	for (struct thread *thread = thread_first(); thread; thread = thread_next(thread)) {
		take_listed(&thread->cells, &taking);
		if (unlikely(thread->cells.dirty_lost))
			take_unlisted(&thread->cells, &taking);
	}
	if (taking.may_repeat)
		forget_taken();
	return taking.count;
}

uint32_t account_dirty_count(void)
{
	uint32_t count = 0;

	for (struct thread *thread = thread_first(); thread; thread = thread_next(thread))
		count += load_owned(&thread->cells.dirty_lost)
				 ? sites_count()
				 : load_owned(&thread->cells.dirty_count);
	return count < sites_count() ? count : sites_count();
}

void account_all_dirty(struct thread *self)
{
	for (uint32_t id = 1; id <= sites_count(); id++) {
		struct cell *cell = cells_find(&self->cells, id);

		if (cell)
			cell_mark_dirty(&self->cells, cell, id);
	}
}

/* What is live was allocated by nobody, and is the peak when that is next asked for. Without `more`
 * there is no saying so of blocks: then they seem to have been allocated. */
static void restart(struct cell *cell, struct cell_more *more)
{
	uint64_t blocks = cell_live_blocks(cell), bytes = cell_live_bytes(cell);

	*cell = (struct cell){
		.allocations = more ? 0 : blocks,
		.frees = more ? -blocks : 0,
		.freed_bytes = -bytes,
		.max_bytes = (int64_t)bytes > 0 ? bytes : 0,
		.stamp = cell->stamp & CELL_LISTED,
	};
	if (more)
		*more = (struct cell_more){.moved = -(int64_t)blocks};
}

static void restart_site(struct cells *cells, uint32_t site)
{
	struct cell *cell = cells_get(cells, site);
	bool needs_more;

	if (!cell || !was_used(cell))
		return;
	needs_more = cell_live_blocks(cell) || cells_has_more(cells, site);
	restart(cell, needs_more ? cells_make_more(cells, site) : NULL);
	cell_mark_dirty(cells, cell, site);
}

/* Of bytes only. */
static void restart_variance(struct cells *variances, uint32_t site)
{
	struct cell *variance = cells_get(variances, site);

	if (variance)
		restart(variance, NULL);
}

void account_child(void)
{
	peak_child();
	for (struct thread *thread = thread_first(); thread; thread = thread_next(thread)) {
		restart(&thread->totals, &thread->totals_more);
		for (uint32_t id = 1; id <= sites_count(); id++) {
			restart_site(&thread->cells, id);
			restart_variance(&thread->variances, id);
		}
	}
}
