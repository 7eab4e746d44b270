/* SPDX-License-Identifier: MIT */
/* An open-addressing table of pairs; see pairs.h. */
#include "util/pairs.h"

#include <stdlib.h>
#include <string.h>

#include "util/buffer.h"
#include "util/memory.h"

#define FIRST_SLOTS 1024

static size_t slot_of(uint64_t pair, size_t slot_count)
{
	/* The multiplier of Fibonacci hashing: the high bits depend on all of the pair's. */
	return (size_t)((pair * UINT64_C(0x9e3779b97f4a7c15)) >> 20) & (slot_count - 1);
}

static void place(uint32_t *slots, size_t slot_count, uint64_t pair, uint32_t number)
{
	size_t slot = slot_of(pair, slot_count);

	while (slots[slot])
		slot = (slot + 1) & (slot_count - 1);
	slots[slot] = number;
}

static void grow(struct pairs *pairs)
{
	size_t slot_count = pairs->slot_count ? pairs->slot_count * 2 : FIRST_SLOTS;
	uint32_t *slots = xcalloc(slot_count, sizeof(*slots));

	for (size_t i = 1; i < pairs->count; i++)
		place(slots, slot_count, pairs->pairs[i], (uint32_t)i);
	free(pairs->slots);
	pairs->slots = slots;
	pairs->slot_count = slot_count;
	if (!pairs->count)
		pairs->count = 1;
}

uint32_t pairs_number(struct pairs *pairs, uint32_t first, uint32_t second)
{
	uint64_t pair = (uint64_t)first << 32 | second;
	size_t slot;

	if (pairs->count * 4 >= pairs->slot_count * 3)
		grow(pairs);
	slot = slot_of(pair, pairs->slot_count);
	for (; pairs->slots[slot]; slot = (slot + 1) & (pairs->slot_count - 1))
		if (pairs->pairs[pairs->slots[slot]] == pair)
			return pairs->slots[slot];
	if (pairs->count >= UINT32_MAX)
		die_oom();
	pairs->pairs = array_grow(pairs->pairs, pairs->count, &pairs->capacity, sizeof(uint64_t));
	pairs->pairs[pairs->count] = pair;
	pairs->slots[slot] = (uint32_t)pairs->count;
	return (uint32_t)pairs->count++;
}

void pairs_release(struct pairs *pairs)
{
	free(pairs->pairs);
	free(pairs->slots);
	*pairs = (struct pairs)PAIRS_INIT;
}
