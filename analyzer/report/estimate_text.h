/* SPDX-License-Identifier: MIT */
/* What text reports say of sampled traces. Nothing of this is written of traces of every block. */
#ifndef ANALYZER_REPORT_ESTIMATE_TEXT_H
#define ANALYZER_REPORT_ESTIMATE_TEXT_H

#include "model/profile.h"
#include "util/human.h"
#include "util/out.h"

#define ESTIMATE_BYTES (2 * HUMAN_BYTES)

/* "97.7 KiB +/- 12.0 KiB", or "97.7 KiB" alone of a trace of every block; returns `text`. */
const char *estimate_size(char text[static ESTIMATE_BYTES], const struct profile *profile,
			  uint64_t bytes, double variance);

/* A line of the head: "  sampled   all numbers are estimates from a sample (one block per 512.0
 * KiB)". */
void estimate_fact(struct out *out, const struct profile *profile);

/* A cell of a table's column of margins: "   12.0 KiB ". */
void estimate_cell(struct out *out, double variance);

#define ESTIMATE_CELL_COLUMNS 12
#define ESTIMATE_CELL_HEADING "+/- 95%"

#endif
