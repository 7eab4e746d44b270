/* SPDX-License-Identifier: MIT */
/*
 * In a sample: the blocks that free() and realloc() must not just pass on, found out in one look.
 *
 * A table of bytes says how many of them have a place; 0 is what nearly every block finds there.
 * Blocks that are close in memory have places that are close, so that the looks take no more of the
 * processor's cache than what the program does with its memory; and places of regular addresses,
 * such as the starts of pages, are spread over the whole table.
 */
#ifndef PRELOAD_WATCH_H
#define PRELOAD_WATCH_H

#include <stdint.h>

#include "atomic.h"

#define WATCH_BITS 16

extern HIDDEN _Atomic uint8_t watch_counts[1u << WATCH_BITS];

/* The golden ratio's fraction, as in other hashes, but of 1.6 places and not of the whole table:
 * 16 bytes further on is 0.6 places further on. */
static HOT uint64_t watch_place(uint64_t address)
{
	return (address * (0x9E3779B97F4A7C15u >> 20)) >> (64 - WATCH_BITS);
}

/* False: it is not watched. */
static HOT bool watch_may_have(const void *block)
{
	return load_relaxed(&watch_counts[watch_place((uint64_t)block)]) != 0;
}

/* One more or one less has a place, of this table or of another such filter. 255 is for ever. One
 * caller at a time. */
static inline void watch_count(_Atomic uint8_t *place, int by)
{
	if (load_relaxed(place) != UINT8_MAX)
		store_relaxed(place, (uint8_t)(load_relaxed(place) + by));
}

static inline void watch_for_ever(const void *block)
{
	store_relaxed(&watch_counts[watch_place((uint64_t)block)], UINT8_MAX);
}

#endif
