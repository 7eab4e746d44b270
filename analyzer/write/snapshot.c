/* SPDX-License-Identifier: MIT */
/* Records of a snapshot; see snapshot.h. */
#include "write/snapshot.h"

#include <stdlib.h>

#include "util/memory.h"

#define SITES_A_RECORD 65536

static void write_totals(struct records *records, const struct snapshot *snapshot)
{
	const struct counters *c = &snapshot->totals;

	record_begin(records, HEAPMARK_REC_SNAPSHOT);
	record_number(records, snapshot->index);
	record_number(records, snapshot->time_ns);
	record_number(records, snapshot->reason);
	record_number(records, snapshot->flags);
	record_text(records, snapshot->label);
	record_number(records, c->allocations);
	record_number(records, c->allocated_bytes);
	record_number(records, c->frees);
	record_number(records, c->reallocations);
	record_number(records, c->temporary);
	record_number(records, c->live_blocks);
	record_number(records, c->live_bytes);
	record_number(records, c->peak_blocks);
	record_number(records, c->peak_bytes);
	record_number(records, snapshot->peak_time_ns);
	record_number(records, snapshot->peak_error_bytes);
	record_number(records, snapshot->threads);
	record_number(records, snapshot->resident_bytes);
	record_end(records);
}

static void write_site(struct records *records, const struct site *site)
{
	const struct counters *c = &site->now;
	uint64_t most = c->live_bytes > c->peak_bytes ? c->live_bytes : c->peak_bytes;

	record_number(records, site->domain);
	record_number(records, c->allocations);
	record_number(records, c->allocated_bytes);
	record_signed(records, (int64_t)(c->allocations - c->frees - c->live_blocks));
	record_number(records, c->reallocations);
	record_number(records, c->temporary);
	record_number(records, c->live_blocks);
	record_number(records, c->live_bytes);
	record_signed(records, (int64_t)(c->peak_blocks - c->live_blocks));
	record_signed(records, (int64_t)(c->peak_bytes - c->live_bytes));
	record_number(records, c->maximum_bytes - most);
}

static void write_estimate(struct records *records, const struct site *site)
{
	record_number(records, site->domain);
	record_number(records, site->live_variance);
	record_number(records, site->peak_variance);
}

static int compare(const void *a, const void *b)
{
	const struct site *const *x = a, *const *y = b;

	if ((*x)->leaf != (*y)->leaf)
		return (*x)->leaf < (*y)->leaf ? -1 : 1;
	return (*x)->domain < (*y)->domain ? -1 : (*x)->domain > (*y)->domain;
}

/* All sites in the order of the format; the caller frees the list. */
static const struct site **sorted_sites(const struct profile *profile)
{
	const struct site **sites = xcalloc(profile->site_count, sizeof(*sites));

	for (size_t i = 1; i < profile->site_count; i++)
		sites[i - 1] = &profile->sites[i];
	qsort(sites, profile->site_count - 1, sizeof(*sites), compare);
	return sites;
}

/* Records of the sites, each by `write`, in one member with their snapshot. */
static void write_sites(struct records *records, unsigned type, const struct site *const *sites,
			size_t count, void (*write)(struct records *, const struct site *))
{
	for (size_t first = 0; first < count; first += SITES_A_RECORD) {
		size_t end = count - first < SITES_A_RECORD ? count : first + SITES_A_RECORD;
		uint32_t node = 0;

		record_begin(records, type);
		record_number(records, end - first);
		for (size_t i = first; i < end; i++) {
			record_number(records, sites[i]->leaf - node);
			node = sites[i]->leaf;
			write(records, sites[i]);
		}
		record_end(records);
	}
}

void snapshot_write(struct records *records, const struct profile *profile)
{
	const struct site **sites = sorted_sites(profile);
	size_t count = profile->site_count - 1;

	write_totals(records, profile_last(profile));
	write_sites(records, HEAPMARK_REC_SITES, sites, count, write_site);
	if (profile_is_sampled(profile))
		write_sites(records, HEAPMARK_REC_ESTIMATES, sites, count, write_estimate);
	free(sites);
}
