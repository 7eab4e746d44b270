/* SPDX-License-Identifier: MIT */
/* The records that only sampled traces have; see decode.h. */
#include "decode_internal.h"

#define ESTIMATE_MIN_BYTES 4 /* four varints */

int decode_sampling(struct decoder *decoder, struct cursor *in, struct error *err)
{
	struct profile *profile = decoder->profile;
	uint64_t mean_bytes = cursor_varint(in);

	if (in->bad)
		return 0;
	if (profile->snapshot_count || profile->sample_bytes)
		return decode_damage(decoder, "comes too late", err);
	if (!mean_bytes || mean_bytes > DECODE_VALUE_MAX)
		return decode_damage(decoder, "has a mean that cannot be", err);
	profile->sample_bytes = mean_bytes;
	return 0;
}

static const char *read_estimate(struct decoder *decoder, struct cursor *in, uint64_t *node,
				 uint64_t *next_domain)
{
	struct profile *profile = decoder->profile;
	uint64_t step = cursor_varint(in), domain = cursor_varint(in);
	uint64_t live_variance = cursor_varint(in), peak_variance = cursor_varint(in);
	struct site *site;

	if (in->bad)
		return "is too short";
	if (step >= profile->node_count - *node)
		return "names a call stack that does not exist";
	if (!step && domain < *next_domain)
		return "is not in order";
	*node += step;
	*next_domain = domain + 1;
	site = domain < profile->domain_count
		       ? profile_find_site(profile, (uint32_t)*node, (uint32_t)domain)
		       : NULL;
	if (!site)
		return "names a site that does not exist";
	profile_settle_peak(profile, site);
	site->live_variance = live_variance;
	site->peak_variance = peak_variance;
	return NULL;
}

int decode_estimates(struct decoder *decoder, struct cursor *in, struct error *err)
{
	uint64_t count = cursor_varint(in);
	uint64_t node = 0, next_domain = 0;

	if (!profile_is_sampled(decoder->profile))
		return decode_damage(decoder, "is in a trace that is not sampled", err);
	if (decoder->is_past)
		return 0;
	if (!decoder->in_snapshot)
		return decode_damage(decoder, "belongs to no snapshot", err);
	if (count > cursor_left(in) / ESTIMATE_MIN_BYTES)
		return decode_damage(decoder, "has fewer sites than it says", err);
	for (; count; count--) {
		const char *wrong = read_estimate(decoder, in, &node, &next_domain);

		if (wrong)
			return decode_damage(decoder, wrong, err);
	}
	return 0;
}
