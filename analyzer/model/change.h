/* SPDX-License-Identifier: MIT */
/* The rows of two tallies side by side: what became of each. */
#ifndef ANALYZER_MODEL_CHANGE_H
#define ANALYZER_MODEL_CHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/tally.h"

/* Why the two rows of a change are taken for one. */
enum pairing {
	PAIRING_EXACT,    /* they have the same name */
	PAIRING_MOVED,    /* another line, file or module, by what is sure of two builds */
	PAIRING_SIMILAR,  /* their call stacks are alike */
	PAIRING_OLD_ONLY, /* there is nothing like it in the new */
	PAIRING_NEW_ONLY,
	PAIRING_KINDS
};

/* What became of its live memory. */
enum status { STATUS_SAME, STATUS_NEW, STATUS_GONE, STATUS_GROWN, STATUS_SHRUNK };

/* Words for both, as JSON has them. */
extern const char *const pairing_names[PAIRING_KINDS];
extern const char *const status_names[];

/* Borrows the rows from the tallies; what a side does not have is a row of zeros. */
struct change {
	const struct row *old, *new;
	enum pairing pairing;
	double unseen; /* variance of what a sample may have missed altogether; see estimate.h */
};

/* The rows of both tallies, each once: those of the same key together, as PAIRING_EXACT. The caller
 * frees the array. The tallies must not have been sorted, nor be changed as long as the array is
 * used. */
struct change *changes_between(const struct tally *old, const struct tally *new, size_t *count);

bool change_has_old(const struct change *change);
bool change_has_new(const struct change *change);
uint32_t change_key(const struct change *change); /* the new one's, if there is one */

/* By bytes, or where they are equal by blocks. */
enum status change_status(const struct change *change);

/* Of what the bytes differ by: both sides' together. */
double change_variance(const struct change *change);

#endif
