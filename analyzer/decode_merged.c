/* SPDX-License-Identifier: MIT */
/* The record that only merged traces have; see decode.h. */
#include "decode_internal.h"
#include "util/buffer.h"

static bool is_possible(const struct merged_process *merged)
{
	return merged->duration_ns <= DECODE_VALUE_MAX && merged->peak_bytes <= DECODE_VALUE_MAX &&
	       merged->peak_error_bytes <= DECODE_VALUE_MAX &&
	       merged->live_bytes <= DECODE_VALUE_MAX && merged->allocations <= DECODE_VALUE_MAX;
}

int decode_merged(struct decoder *decoder, struct cursor *in, struct error *err)
{
	struct profile *profile = decoder->profile;
	struct merged_process merged = {.process.directory = ""};

	merged.process.pid = cursor_varint(in);
	merged.process.parent_pid = cursor_varint(in);
	merged.process.origin = cursor_varint(in);
	merged.process.start_unix_ns = cursor_varint(in);
	merged.process.session = cursor_varint(in);
	merged.duration_ns = cursor_varint(in);
	merged.end.how = cursor_varint(in);
	merged.end.status = cursor_varint(in);
	merged.end.seen = merged.end.how != 0;
	merged.is_cut = cursor_varint(in) & HEAPMARK_MERGED_CUT;
	merged.peak_bytes = cursor_varint(in);
	merged.peak_error_bytes = cursor_varint(in);
	merged.live_bytes = cursor_varint(in);
	merged.allocations = cursor_varint(in);
	merged.process.executable = decode_text(decoder, in);
	if (in->bad)
		return 0;
	if (!is_possible(&merged))
		return decode_damage(decoder, "has numbers that cannot be", err);
	profile->merged = array_grow(profile->merged, profile->merged_count,
				     &profile->merged_capacity, sizeof(merged));
	profile->merged[profile->merged_count++] = merged;
	return 0;
}
