/* SPDX-License-Identifier: MIT */
/*
 * Sites added up by a key: the rows of a report. What a key stands for is the caller's business.
 */
#ifndef ANALYZER_MODEL_TALLY_H
#define ANALYZER_MODEL_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/profile.h"

struct row {
	uint32_t key;
	uint32_t node;                    /* a call stack of the row: the first that was added */
	uint32_t last_site;               /* which was added last */
	uint64_t blocks, bytes;           /* live at the chosen moment */
	double variance;                  /* of these bytes */
	uint64_t peak_blocks, peak_bytes; /* live when the whole run was at its peak */
	uint64_t end_blocks, end_bytes;   /* live at the end */
	uint64_t allocations, allocated_bytes; /* of the whole run, as the following */
	uint64_t frees, reallocations, temporary;
	uint64_t own_most, own_sum; /* of its sites' own maxima: the largest, and all together */
};

/* The most bytes that the row held at any time: at least so many, and exactly so if it says so,
 * which is of a single thread's doing. Sites of one row need not have had their maxima together. */
uint64_t row_own_peak(const struct row *row);
bool row_own_peak_is_exact(const struct row *row);

/* Adds up what can be added: a site, or another row. */
void row_add_site(struct row *row, const struct site *site);
void row_add(struct row *sum, const struct row *row);

struct tally {
	struct row *rows;
	size_t count, capacity;
	uint32_t *row_of_key; /* plus 1; 0: none */
	size_t key_capacity;
};

#define TALLY_INIT \
	{ \
		NULL, 0, 0, NULL, 0 \
	}

/* Adds site `index` of the profile to the row of `key`: once, however often it is called for the
 * same site and key in a row of calls for one site. */
void tally_add(struct tally *tally, uint32_t key, const struct profile *profile, uint32_t index);

/* The row of a key, or NULL. Only before the rows are sorted. */
const struct row *tally_find(const struct tally *tally, uint32_t key);

void tally_release(struct tally *tally); /* leaves it as TALLY_INIT */

#endif
