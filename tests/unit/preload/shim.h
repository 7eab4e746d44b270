/* SPDX-License-Identifier: MIT */
/* The shim's core at work without hooks and without a trace: what process.c starts, as far as
 * events need it, and what a reader of the trace would know of the sites. */
#ifndef SHIM_H
#define SHIM_H

#include "account.h"
#include "capture/calls.h"
#include "capture/capture.h"
#include "capture/tree.h"
#include "config.h"
#include "facts.h"
#include "sites.h"
#include "test.h"
#include "thread.h"
#include "world.h"

static inline bool shim_joined(struct thread *self)
{
	bool stopped = world_stop(self);

	peak_join(&self->share, stopped);
	if (stopped)
		world_go();
	return capture_join(self);
}

static inline void shim_not_forked(void)
{
}

static inline bool shim_nothing_pending(struct thread *self)
{
	(void)self;
	return false;
}

static char *shim_environment[2]; /* options, if any are needed */

/* For cmocka: the main thread has its slot then. */
static inline int shim_start(void **state)
{
	static const struct thread_calls calls = {
		.forked = shim_not_forked, .pending = shim_nothing_pending, .joined = shim_joined};

	(void)state;
	config_read(shim_environment);
	facts_read(0, NULL, NULL);
	if (!capture_start())
		return -1;
	thread_start(&calls);
	world_start();
	thread_record(true);
	return thread_adopt() ? 0 : -1;
}

/* The site of a stack of one frame. */
static inline uint32_t shim_site(uint64_t pc, uint32_t domain)
{
	return sites_find(tree_child(0, calls_find(pc)), domain);
}

#define SHIM_SITES 4096

/* By site, as the records of a trace would have it: only what changed is told each time. */
static struct site_values shim_known[SHIM_SITES];
static uint32_t shim_epoch;

/* Takes what changed. While the world is stopped. */
static inline struct totals shim_take(void)
{
	static struct site_values changed[SHIM_SITES];
	struct totals totals = account_totals();
	uint32_t count;

	/* FORMAT.md, SITES: at a peak since the last time, what has not changed was as it is. */
	for (uint32_t i = 0; shim_epoch != load_relaxed(&peak_epoch) && i < SHIM_SITES; i++) {
		shim_known[i].peak_blocks = shim_known[i].live_blocks;
		shim_known[i].peak_bytes = shim_known[i].live_bytes;
	}
	shim_epoch = load_relaxed(&peak_epoch);
	count = account_take_dirty(changed, NULL);
	for (uint32_t i = 0; i < count; i++)
		shim_known[sites_find(changed[i].node, changed[i].domain)] = changed[i];
	return totals;
}

/* What all sites in domains that were asked for add up to. */
static inline struct site_values shim_sum(void)
{
	struct site_values sum = {0};

	for (uint32_t id = 1; id <= sites_count(); id++) {
		const struct site_values *site = &shim_known[id];

		if (!domain_is_asked(sites_get(id)->domain))
			continue;
		sum.allocations += site->allocations;
		sum.allocated_bytes += site->allocated_bytes;
		sum.frees += site->frees;
		sum.reallocations += site->reallocations;
		sum.temporary += site->temporary;
		sum.live_blocks += site->live_blocks;
		sum.live_bytes += site->live_bytes;
		sum.peak_blocks += site->peak_blocks;
		sum.peak_bytes += site->peak_bytes;
	}
	return sum;
}

/* The sites must add up to the totals at every moment. */
static inline bool shim_adds_up(const struct totals *totals)
{
	struct site_values sum = shim_sum();

	return sum.allocations == totals->allocations &&
	       sum.allocated_bytes == totals->allocated_bytes && sum.frees == totals->frees &&
	       sum.reallocations == totals->reallocations && sum.temporary == totals->temporary &&
	       sum.live_blocks == totals->live_blocks && sum.live_bytes == totals->live_bytes &&
	       sum.peak_blocks == totals->peak_blocks && sum.peak_bytes == totals->peak_bytes;
}

#endif
