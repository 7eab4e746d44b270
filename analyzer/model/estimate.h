/* SPDX-License-Identifier: MIT */
/*
 * How far off a number from a sampled trace may be: the 95 % interval around it, from the variance
 * of the sites that it sums up. Variances of different sites add up, as the blocks of each were
 * chosen independently. Of a trace of every block the variance is 0, and the interval a point.
 */
#ifndef ANALYZER_MODEL_ESTIMATE_H
#define ANALYZER_MODEL_ESTIMATE_H

#include <stdbool.h>
#include <stdint.h>

struct range {
	int64_t low, high;
};

/* Half the width of the interval, to the byte. */
uint64_t estimate_margin(double variance);

/* What is known of a place of which no block was sampled, at one block per `mean_bytes`: if it held
 * x bytes, none of its blocks was chosen with the probability exp(-x / mean_bytes), however many
 * they were. So with 95 % it held no more than mean_bytes * ln 20: the variance whose margin that
 * is. */
double estimate_unseen(uint64_t mean_bytes);

/* The interval around a number of bytes, of which there are none below 0. */
struct range estimate_range(uint64_t bytes, double variance);

/* The interval around what two numbers differ by, each with its variance. */
struct range estimate_change(uint64_t old_bytes, uint64_t new_bytes, double variance);

/* Whether a change may as well be none: its interval is more than a point, and 0 is in it. */
bool estimate_is_noise(uint64_t old_bytes, uint64_t new_bytes, double variance);

#endif
