/* SPDX-License-Identifier: MIT */
/* `heapmark memory` as JSON; see memory.h. */
#include "report/json_value.h"
#include "report/memory.h"
#include "report/words.h"

static json_t *kinds(const struct snapshot *snapshot)
{
	json_t *object = json_object();

	for (unsigned kind = 0; kind < HEAPMARK_REGION_LIMIT; kind++) {
		json_t *sum = json_object();

		json_put(sum, "bytes", json_count(snapshot->regions[kind].bytes));
		json_put(sum, "resident_bytes", json_count(snapshot->regions[kind].resident_bytes));
		json_put(object, memory_kind(kind), sum);
	}
	return object;
}

static json_t *split(const struct snapshot *snapshot)
{
	struct heap_split parts = heap_split(snapshot);
	json_t *object = json_object();

	json_put(object, "requested_bytes", json_count(parts.requested));
	json_put(object, "allocator_bytes", json_count(parts.allocator));
	json_put(object, "not_resident_bytes", json_count(parts.not_resident));
	return object;
}

static json_t *moment(const struct snapshot *snapshot)
{
	json_t *object = json_object();

	json_put(object, "index", json_count(snapshot->index));
	json_put(object, "time_s", json_seconds(snapshot->time_ns));
	json_put(object, "reason", json_text(word_reason(snapshot->reason)));
	json_put(object, "live_bytes", json_count(snapshot->totals.live_bytes));
	json_put(object, "resident_bytes", json_count(memory_resident(snapshot)));
	json_put(object, "kinds", kinds(snapshot));
	json_put(object, "heap", split(snapshot));
	return object;
}

void memory_json(struct out *out, const struct profile *profile)
{
	const struct snapshot *largest = memory_largest(profile), *last = memory_last(profile);
	struct json_out json;

	json_out_begin(&json, out, "heapmark.memory/1");
	json_out_member(&json, "trace", json_trace(profile));
	json_out_member(&json, "losses", json_losses(profile));
	json_out_member(&json, "largest", largest ? moment(largest) : json_null());
	json_out_member(&json, "end", last ? moment(last) : json_null());
	json_out_array(&json, "moments");
	for (size_t i = 0; i < profile->snapshot_count; i++)
		if (profile->snapshots[i].has_regions)
			json_out_element(&json, moment(&profile->snapshots[i]));
	json_out_end(&json);
}
