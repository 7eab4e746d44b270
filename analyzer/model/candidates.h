/* SPDX-License-Identifier: MIT */
/*
 * Pairs out of candidates: what of one side is what of the other, if each may have one partner. The
 * best score wins. Two candidates for the same thing with the same score leave it alone: a pair
 * that is no better than another would be a guess. Pure.
 */
#ifndef ANALYZER_MODEL_CANDIDATES_H
#define ANALYZER_MODEL_CANDIDATES_H

#include <stddef.h>
#include <stdint.h>

struct candidate {
	uint32_t old, new; /* indices */
	uint32_t score;    /* the more the better */
};

struct candidates {
	struct candidate *items;
	size_t count, capacity;
};

#define CANDIDATES_INIT \
	{ \
		NULL, 0, 0 \
	}

void candidates_add(struct candidates *candidates, uint32_t old, uint32_t new, uint32_t score);
void candidates_release(struct candidates *candidates);

/* For each of old_count the index of its partner plus 1, or 0, in an array that the caller frees.
 * No candidate may be there twice. Sorts the candidates. */
uint32_t *candidates_choose(struct candidates *candidates, size_t old_count, size_t new_count);

#endif
