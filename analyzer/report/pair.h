/* SPDX-License-Identifier: MIT */
/* What of a diff's two sides is one: places, so that rows have the same keys, and then rows. */
#ifndef ANALYZER_REPORT_PAIR_H
#define ANALYZER_REPORT_PAIR_H

#include "report/report.h"

/* Before the rows are made. Does nothing if both sides are of the same builds, or --exact. */
void pair_places(struct report *report);

/* Whether there are places of two builds to be paired. */
bool pairs_builds(const struct report *report);

/* Once there are rows: finds those whose stacks are like those of a new row, as side->likened of
 * the old side. Returns whether there are any; then the old side's rows are to be made anew. */
bool pair_likes(struct report *report);

/* Fills report->changes, unsorted. */
void pair_rows(struct report *report);

/* The rows of a diff that were paired in one way, and hold something at one of both moments. */
struct pairing_sum {
	uint64_t rows, old_bytes, new_bytes;
};

void pair_sums(const struct report *report, struct pairing_sum sums[static PAIRING_KINDS]);

/* What a row that the old side has was called there. */
const struct place *pair_old_place(struct report *report, const struct change *change);

/* For pair_likes(): what side->likened is to be; NULL if nothing is like anything. */
uint32_t *pair_similar(struct report *report);

#endif
