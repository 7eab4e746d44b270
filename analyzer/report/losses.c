/* SPDX-License-Identifier: MIT */
/* The table of reasons; see losses.h. */
#include "report/losses.h"

#include "util/human.h"

static const struct {
	const char *json_name, *text;
} reasons[HEAPMARK_LOSS_LIMIT] = {
#define HEAPMARK_LOSS(number, name, json, sentence) [number] = {json, sentence},
#include "heapmark/losses.def"
#undef HEAPMARK_LOSS
};

const char *loss_json_name(unsigned reason)
{
	return reasons[reason].json_name;
}

void losses_write(struct out *out, const struct profile *profile)
{
	char count[HUMAN_BYTES];

	for (unsigned i = 0; i < HEAPMARK_LOSS_LIMIT; i++) {
		const char *text = reasons[i].text ? reasons[i].text
						   : "losses of a kind this version does not know";

		if (profile->losses[i])
			out_printf(out, "not seen: %s %s\n", human_count(count, profile->losses[i]),
				   text);
	}
}
