/* SPDX-License-Identifier: MIT */
/* Moments and rows as JSON; see json_row.h. */
#include "report/json_row.h"

json_t *json_when(const struct side *side)
{
	static const char *const kinds[] = {
		[MOMENT_PEAK] = "peak", [MOMENT_END] = "end", [MOMENT_SNAPSHOT] = "snapshot"};
	const struct snapshot *snapshot = side_snapshot(side);
	json_t *object = json_object();

	json_put(object, "kind", json_text(kinds[side->profile.moment.kind]));
	json_put(object, "index", snapshot ? json_count(snapshot->index) : json_null());
	json_put(object, "label",
		 snapshot && *snapshot->label ? json_text(snapshot->label) : json_null());
	json_put(object, "time_s", json_seconds(side_time_ns(side)));
	json_put(object, "bytes", json_count(side->bytes));
	json_put(object, "blocks", json_count(side->blocks));
	if (profile_is_sampled(&side->profile))
		json_put_range(object, "bytes", estimate_range(side->bytes, side->variance));
	return object;
}

/* The row's own peak is no larger than its sites' together, nor than what it was seen with. */
static uint64_t most_own_peak(const struct row *row)
{
	return row_own_peak_is_exact(row) ? row_own_peak(row) : row->own_sum;
}

void json_put_row(json_t *object, const struct side *side, const struct row *row)
{
	json_put(object, "blocks", json_count(row->blocks));
	json_put(object, "bytes", json_count(row->bytes));
	json_put(object, "peak_bytes", json_count(row->peak_bytes));
	json_put(object, "peak_blocks", json_count(row->peak_blocks));
	json_put(object, "end_bytes", json_count(row->end_bytes));
	json_put(object, "end_blocks", json_count(row->end_blocks));
	json_put(object, "allocations", json_count(row->allocations));
	json_put(object, "allocated_bytes", json_count(row->allocated_bytes));
	json_put(object, "frees", json_count(row->frees));
	json_put(object, "reallocations", json_count(row->reallocations));
	json_put(object, "temporary", json_count(row->temporary));
	json_put(object, "own_peak_bytes", json_count(row_own_peak(row)));
	json_put(object, "own_peak_bytes_most", json_count(most_own_peak(row)));
	if (profile_is_sampled(&side->profile))
		json_put_range(object, "bytes", estimate_range(row->bytes, row->variance));
}
