/* SPDX-License-Identifier: MIT */
/*
 * Numbers for pairs of numbers: equal pairs get equal numbers, rising from 1. A list becomes a
 * number by pairing each element with the number of the list before it. Compact, for millions of
 * pairs.
 */
#ifndef ANALYZER_UTIL_PAIRS_H
#define ANALYZER_UTIL_PAIRS_H

#include <stddef.h>
#include <stdint.h>

struct pairs {
	uint64_t *pairs; /* by number; [0] is unused */
	size_t count, capacity;
	uint32_t *slots;   /* open addressing; 0: empty */
	size_t slot_count; /* a power of two, or 0 */
};

#define PAIRS_INIT \
	{ \
		NULL, 0, 0, NULL, 0 \
	}

uint32_t pairs_number(struct pairs *pairs, uint32_t first, uint32_t second);
void pairs_release(struct pairs *pairs); /* leaves it as PAIRS_INIT */

#endif
