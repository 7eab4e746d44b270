/* SPDX-License-Identifier: MIT */
/* Counters and the peak; see account.h. */
#include "account.h"

#include "clock.h"
#include "domains.h"
#include "mem.h"

struct totals totals;

static uint32_t epoch;
static uint64_t passed_ns;

/* The sites that changed, as a list: a snapshot need not look at the others. */
#define PIECE_BITS 12
static struct {
	uint32_t *pieces[SITES_MAX >> PIECE_BITS];
	uint32_t count;
	bool overflowed; /* no memory for the list: look at all */
} dirty;

static void mark_dirty(struct site *site, uint32_t id)
{
	uint32_t **piece = &dirty.pieces[dirty.count >> PIECE_BITS];

	if (site->dirty)
		return;
	site->dirty = true;
	if (!*piece)
		*piece = mem_take(sizeof(**piece) << PIECE_BITS);
	if (!*piece)
		dirty.overflowed = true;
	else
		(*piece)[dirty.count++ & ((1u << PIECE_BITS) - 1)] = id;
}

void account_settle_site(struct site *site)
{
	if (site->epoch == epoch)
		return;
	site->epoch = epoch;
	site->peak_blocks = site->live_blocks;
	site->peak_bytes = site->live_bytes;
}

/* Before any change to a site's live values. */
static struct site *touch(uint32_t id)
{
	struct site *site = sites_site(id);

	account_settle_site(site);
	mark_dirty(site, id);
	return site;
}

void account_settle_peak(void)
{
	if (totals.live_bytes > totals.window_peak_bytes)
		totals.window_peak_bytes = totals.live_bytes;
	if (totals.live_bytes <= totals.peak_bytes)
		return;
	totals.peak_bytes = totals.live_bytes;
	totals.peak_blocks = totals.live_blocks;
	totals.peak_time_ns = clock_elapsed_ns();
	if (totals.peak_time_ns < passed_ns)
		totals.peak_time_ns = passed_ns;
	epoch++;
}

void account_time_passed(uint64_t elapsed_ns)
{
	passed_ns = elapsed_ns;
}

void account_reset_window(void)
{
	account_settle_peak();
	totals.window_peak_bytes = totals.live_bytes;
}

static void add_live(struct site *site, uint64_t blocks, uint64_t bytes)
{
	site->live_blocks += blocks;
	site->live_bytes += bytes;
	if (site->live_bytes > site->max_bytes)
		site->max_bytes = site->live_bytes;
}

void account_alloc(uint32_t id, uint64_t size)
{
	struct site *site = touch(id);

	site->allocations++;
	site->allocated_bytes += size;
	add_live(site, 1, size);
	if (!domain_is_asked(site->domain))
		return;
	totals.allocations++;
	totals.allocated_bytes += size;
	totals.live_blocks++;
	totals.live_bytes += size;
}

void account_free(uint32_t id, uint64_t size, bool temporary)
{
	bool asked = domain_is_asked(sites_site(id)->domain);
	struct site *site;

	if (asked)
		account_settle_peak();
	site = touch(id);
	site->frees++;
	site->temporary += temporary;
	site->live_blocks--;
	site->live_bytes -= size;
	if (!asked)
		return;
	totals.frees++;
	totals.temporary += temporary;
	totals.live_blocks--;
	totals.live_bytes -= size;
}

void account_realloc(uint32_t old_id, uint64_t old_size, uint32_t id, uint64_t size)
{
	struct site *old, *site;

	if (size < old_size)
		account_settle_peak();
	old = touch(old_id);
	old->frees++;
	old->live_blocks--;
	old->live_bytes -= old_size;
	site = touch(id);
	site->allocations++;
	site->reallocations++;
	site->allocated_bytes += size;
	add_live(site, 1, size);
	if (domain_is_asked(old->domain)) {
		totals.frees++;
		totals.live_blocks--;
		totals.live_bytes -= old_size;
	}
	if (domain_is_asked(site->domain)) {
		totals.allocations++;
		totals.reallocations++;
		totals.allocated_bytes += size;
		totals.live_blocks++;
		totals.live_bytes += size;
	}
}

void account_move(uint32_t from_id, uint32_t to_id, uint64_t size)
{
	struct site *from, *to;

	account_settle_peak();
	from = touch(from_id);
	to = touch(to_id);
	from->live_blocks--;
	from->live_bytes -= size;
	add_live(to, 1, size);
	if (domain_is_asked(from->domain)) {
		totals.live_blocks--;
		totals.live_bytes -= size;
	}
}

void account_shrink(uint32_t id, uint64_t bytes)
{
	touch(id)->live_bytes -= bytes;
}

void account_grow(uint32_t id, uint64_t bytes, uint64_t allocated)
{
	struct site *site = touch(id);

	site->allocated_bytes += allocated;
	add_live(site, 0, bytes);
}

uint32_t account_epoch(void)
{
	return epoch;
}

uint32_t account_dirty_count(void)
{
	return dirty.overflowed ? sites_site_count() : dirty.count;
}

static void take(uint32_t id, void (*each)(const struct site *site, void *context), void *context)
{
	struct site *site = sites_site(id);

	if (!site->dirty)
		return;
	account_settle_site(site);
	site->dirty = false;
	each(site, context);
}

void account_take_dirty(void (*each)(const struct site *site, void *context), void *context)
{
	if (dirty.overflowed)
		for (uint32_t id = 1; id <= sites_site_count(); id++)
			take(id, each, context);
	else
		for (uint32_t i = 0; i < dirty.count; i++)
			take(dirty.pieces[i >> PIECE_BITS][i & ((1u << PIECE_BITS) - 1)], each,
			     context);
	dirty.count = 0;
	dirty.overflowed = false;
}

void account_all_dirty(void)
{
	for (uint32_t id = 1; id <= sites_site_count(); id++)
		mark_dirty(sites_site(id), id);
}

void account_child(void)
{
	for (uint32_t id = 1; id <= sites_site_count(); id++) {
		struct site *site = touch(id);

		site->allocations = site->allocated_bytes = site->frees = 0;
		site->reallocations = site->temporary = 0;
		site->peak_blocks = site->live_blocks;
		site->peak_bytes = site->max_bytes = site->live_bytes;
	}
	passed_ns = 0;
	totals = (struct totals){
		.live_blocks = totals.live_blocks,
		.live_bytes = totals.live_bytes,
		.peak_blocks = totals.live_blocks,
		.peak_bytes = totals.live_bytes,
		.window_peak_bytes = totals.live_bytes,
	};
}
