/* SPDX-License-Identifier: MIT */
/* The layout of the live map, and the steps of it that are part of every event; see live.c. */
#ifndef PRELOAD_LIVE_WORDS_H
#define PRELOAD_LIVE_WORDS_H

#include <stddef.h>

#include "atomic.h"
#include "live.h"
#include "live_side.h"

#define LIVE_GRAIN_BITS  4
#define LIVE_LEAF_BITS   16
#define LIVE_MIDDLE_BITS 12
#define LIVE_TOP_BITS    15

#define LIVE_LEAF_CELLS   (1u << LIVE_LEAF_BITS)
#define LIVE_ADDRESS_BITS (LIVE_TOP_BITS + LIVE_MIDDLE_BITS + LIVE_LEAF_BITS + LIVE_GRAIN_BITS)

/* The first word: the site, or 0. The second one has its top bit set, so that it is never taken for
 * a first one; it is left behind when the block is gone. */
#define LIVE_SITE_MASK  ((1u << 26) - 1)
#define LIVE_WORD_ARENA (1u << 26)
#define LIVE_WORD_SIZE  (1u << 31)
#define LIVE_LARGE      (16u << 10)

typedef _Atomic uint32_t live_word;

struct live_middle {
	live_word *_Atomic leaves[1u << LIVE_MIDDLE_BITS];
};

struct live_layout {
	unsigned cell_bits[LIVE_MAP_COUNT]; /* words of a cell, as a power of two */
	bool no_cells;                      /* of the heap: all blocks are in the side table */
};

extern HIDDEN struct live_middle *_Atomic live_tops[LIVE_MAP_COUNT][1u << LIVE_TOP_BITS];
extern HIDDEN struct live_layout live_layout;
extern HIDDEN struct live_side live_sides[LIVE_MAP_COUNT];

static HOT bool live_is_aligned(uint64_t address)
{
	return !(address & ((1u << LIVE_GRAIN_BITS) - 1)) && !(address >> LIVE_ADDRESS_BITS);
}

static HOT bool live_has_cell(uint64_t address)
{
	return live_is_aligned(address) && !live_layout.no_cells;
}

static HOT struct live_middle *_Atomic *live_middle_place(enum live_map map, uint64_t address)
{
	return &live_tops[map][address >> (LIVE_MIDDLE_BITS + LIVE_LEAF_BITS + LIVE_GRAIN_BITS)];
}

static HOT live_word *_Atomic *live_leaf_place(struct live_middle *middle, uint64_t address)
{
	uint64_t leaf = address >> (LIVE_LEAF_BITS + LIVE_GRAIN_BITS);

	return &middle->leaves[leaf & ((1u << LIVE_MIDDLE_BITS) - 1)];
}

/* The words of an address that has a cell, or NULL: they are not there yet. */
static HOT live_word *live_words(enum live_map map, uint64_t address)
{
	struct live_middle *middle = load_acquire(live_middle_place(map, address));
	live_word *leaf = likely(middle) ? load_acquire(live_leaf_place(middle, address)) : NULL;

	if (unlikely(!leaf)) /* both pair with make_words() in live.c */
		return NULL;
	return leaf + (((address >> LIVE_GRAIN_BITS) & (LIVE_LEAF_CELLS - 1))
		       << live_layout.cell_bits[map]);
}

static HOT bool live_is_block(uint32_t first)
{
	return first && !(first & LIVE_WORD_SIZE);
}

/* The program's, and not parcelled out. */
static HOT bool live_is_plain(uint32_t first)
{
	return first - 1 < LIVE_OWN - 1;
}

/* The size comes first: who reads a site finds it there. */
static HOT void live_write(live_word *words, uint32_t first, uint64_t size)
{
	store_relaxed(&words[1], (uint32_t)size | LIVE_WORD_SIZE);
	store_relaxed(&words[0], first);
}

/* The rest is for when every block is recorded. This forgets a block of the heap: its site, and its
 * size in `size`. 0: it is none, or not a plain one, and nothing has changed. */
static HOT uint32_t live_take_plain(const void *block, uint64_t *size)
{
	uint64_t address = (uint64_t)block;
	live_word *words = likely(live_is_aligned(address)) ? live_words(LIVE_HEAP, address) : NULL;
	uint32_t first = likely(words) ? load_relaxed(&words[0]) : 0;

	if (unlikely(!live_is_plain(first)))
		return 0;
	store_relaxed(&words[0], 0);
	*size = load_relaxed(&words[1]) & ~LIVE_WORD_SIZE;
	return first;
}

/* Where a new block of the heap will be recorded, which has it brought near; or NULL: it is not as
 * simple as that. */
static HOT live_word *live_near(const void *block)
{
	uint64_t address = (uint64_t)block;
	live_word *words = likely(live_is_aligned(address)) ? live_words(LIVE_HEAP, address) : NULL;

	if (likely(words))
		__builtin_prefetch((const void *)words, 1);
	return words;
}

/* Records a block of the heap, with live_near() of it. False: it is not as simple as that, and
 * nothing has changed. */
static HOT bool live_put_plain(live_word *words, const void *block, uint32_t site, uint64_t size)
{
	if (unlikely(!words || size >= LIVE_LARGE ||
		     live_side_may_have(&live_sides[LIVE_HEAP], (uint64_t)block) ||
		     live_is_block(load_relaxed(&words[0]))))
		return false;
	live_write(words, site, size);
	return true;
}

#endif
