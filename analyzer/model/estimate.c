/* SPDX-License-Identifier: MIT */
/* Intervals; see estimate.h. */
#include "model/estimate.h"

#include <math.h>

#define DEVIATIONS 1.96            /* 95 % of a normal distribution lie within as many */
#define MARGIN_MAX (INT64_MAX / 4) /* no sum of variances in a trace comes near; sums stay safe */

uint64_t estimate_margin(double variance)
{
	double margin = round(DEVIATIONS * sqrt(variance));

	return margin < (double)MARGIN_MAX ? (uint64_t)margin : MARGIN_MAX;
}

double estimate_unseen(uint64_t mean_bytes)
{
	double deviation = (double)mean_bytes * log(20) / DEVIATIONS;

	return deviation * deviation;
}

static int64_t bounded(uint64_t value)
{
	return value < INT64_MAX / 4 ? (int64_t)value : INT64_MAX / 4;
}

struct range estimate_range(uint64_t bytes, double variance)
{
	struct range range = estimate_change(0, bytes, variance);

	if (range.low < 0)
		range.low = 0;
	return range;
}

struct range estimate_change(uint64_t old_bytes, uint64_t new_bytes, double variance)
{
	int64_t change = bounded(new_bytes) - bounded(old_bytes);
	int64_t margin = (int64_t)estimate_margin(variance);

	return (struct range){change - margin, change + margin};
}

bool estimate_is_noise(uint64_t old_bytes, uint64_t new_bytes, double variance)
{
	struct range range = estimate_change(old_bytes, new_bytes, variance);

	return range.low < range.high && range.low <= 0 && range.high >= 0;
}
