/* SPDX-License-Identifier: MIT */
/* Rows of sums; see tally.h. */
#include "model/tally.h"

#include <stdlib.h>
#include <string.h>

#include "util/buffer.h"
#include "util/memory.h"

/* Keys are small numbers without large gaps, so an array finds them. */
static void reach_key(struct tally *tally, uint32_t key)
{
	size_t capacity = tally->key_capacity ? tally->key_capacity : 1024;

	if (key < tally->key_capacity)
		return;
	while (capacity <= key)
		capacity *= 2;
	tally->row_of_key = xreallocarray(tally->row_of_key, capacity, sizeof(uint32_t));
	memset(tally->row_of_key + tally->key_capacity, 0,
	       (capacity - tally->key_capacity) * sizeof(uint32_t));
	tally->key_capacity = capacity;
}

static struct row *row_of(struct tally *tally, uint32_t key, uint32_t node)
{
	reach_key(tally, key);
	if (!tally->row_of_key[key]) {
		tally->rows = array_grow(tally->rows, tally->count, &tally->capacity,
					 sizeof(*tally->rows));
		tally->rows[tally->count] = (struct row){.key = key, .node = node};
		tally->row_of_key[key] = (uint32_t)++tally->count;
	}
	return &tally->rows[tally->row_of_key[key] - 1];
}

static uint64_t most(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

void row_add_site(struct row *row, const struct site *site)
{
	row->blocks += site->chosen_blocks;
	row->bytes += site->chosen_bytes;
	row->variance += (double)site->chosen_variance;
	row->peak_blocks += site->now.peak_blocks;
	row->peak_bytes += site->now.peak_bytes;
	row->end_blocks += site->now.live_blocks;
	row->end_bytes += site->now.live_bytes;
	row->allocations += site->now.allocations;
	row->allocated_bytes += site->now.allocated_bytes;
	row->frees += site->now.frees;
	row->reallocations += site->now.reallocations;
	row->temporary += site->now.temporary;
	row->own_most = most(row->own_most, site->now.maximum_bytes);
	row->own_sum += site->now.maximum_bytes;
}

void tally_add(struct tally *tally, uint32_t key, const struct profile *profile, uint32_t index)
{
	const struct site *site = &profile->sites[index];
	struct row *row = row_of(tally, key, site->node);

	if (row->last_site == index)
		return;
	row->last_site = index;
	row_add_site(row, site);
}

uint64_t row_own_peak(const struct row *row)
{
	return most(most(row->own_most, row->bytes), most(row->peak_bytes, row->end_bytes));
}

bool row_own_peak_is_exact(const struct row *row)
{
	return row_own_peak(row) >= row->own_sum;
}

void row_add(struct row *sum, const struct row *row)
{
	sum->blocks += row->blocks;
	sum->bytes += row->bytes;
	sum->variance += row->variance;
	sum->peak_blocks += row->peak_blocks;
	sum->peak_bytes += row->peak_bytes;
	sum->end_blocks += row->end_blocks;
	sum->end_bytes += row->end_bytes;
	sum->allocations += row->allocations;
	sum->allocated_bytes += row->allocated_bytes;
	sum->frees += row->frees;
	sum->reallocations += row->reallocations;
	sum->temporary += row->temporary;
	sum->own_most = most(sum->own_most, row->own_most);
	sum->own_sum += row->own_sum;
}

const struct row *tally_find(const struct tally *tally, uint32_t key)
{
	if (key >= tally->key_capacity || !tally->row_of_key[key])
		return NULL;
	return &tally->rows[tally->row_of_key[key] - 1];
}

void tally_release(struct tally *tally)
{
	free(tally->rows);
	free(tally->row_of_key);
	*tally = (struct tally)TALLY_INIT;
}
