/* SPDX-License-Identifier: MIT */
/*
 * Which of many nested address ranges is the innermost one around an address?
 *
 * Ranges are added in any order, outer before inner where both span the same addresses. Building
 * flattens them into disjoint segments, each with the innermost owner, so that a lookup is one
 * binary search however deep the nesting.
 */
#ifndef ANALYZER_SYMBOL_RANGES_H
#define ANALYZER_SYMBOL_RANGES_H

#include <stddef.h>
#include <stdint.h>

#define RANGES_NONE UINT32_MAX

struct range {
	uint64_t low, high; /* [low, high) */
	uint32_t owner;
	uint32_t order; /* position in which it was added */
};

struct ranges {
	struct range *items; /* as added; after ranges_build() the disjoint segments, sorted */
	size_t count, capacity;
};

void ranges_release(struct ranges *ranges);
void ranges_add(struct ranges *ranges, uint64_t low, uint64_t high, uint32_t owner);
void ranges_build(struct ranges *ranges);

/* The innermost owner at `address`, or RANGES_NONE. Only after ranges_build(). */
uint32_t ranges_find(const struct ranges *ranges, uint64_t address);

#endif
