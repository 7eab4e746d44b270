/* SPDX-License-Identifier: MIT */
/* Estimates in words; see estimate_text.h. */
#include "report/estimate_text.h"

#include <stdio.h>

#include "model/estimate.h"
#include "report/text_head.h"

const char *estimate_size(char text[static ESTIMATE_BYTES], const struct profile *profile,
			  uint64_t bytes, double variance)
{
	char size[HUMAN_BYTES], margin[HUMAN_BYTES];

	human_size(size, bytes);
	if (profile_is_sampled(profile))
		snprintf(text, ESTIMATE_BYTES, "%s +/- %s", size,
			 human_size(margin, estimate_margin(variance)));
	else
		snprintf(text, ESTIMATE_BYTES, "%s", size);
	return text;
}

void estimate_fact(struct out *out, const struct profile *profile)
{
	char mean[HUMAN_BYTES];

	if (profile_is_sampled(profile))
		text_fact(out, "sampled",
			  "all numbers are estimates from a sample (one block per %s)",
			  human_size(mean, profile->sample_bytes));
}

void estimate_cell(struct out *out, double variance)
{
	char margin[HUMAN_BYTES];

	out_printf(out, "%*s ", ESTIMATE_CELL_COLUMNS - 1,
		   human_size(margin, estimate_margin(variance)));
}
