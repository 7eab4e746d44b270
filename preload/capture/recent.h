/* SPDX-License-Identifier: MIT */
/*
 * The inner frames of stacks that were seen not long ago: what they depended on, and the frame of
 * the last stack that they led to.
 *
 * Stacks are found by a key of their innermost frames, which others share: so there is room for a
 * few of each key, by turns, and each is held against the stack that is there. A tag says which are
 * worth that. Tags lie by themselves, close together, as the rest is large and mostly not near.
 */
#ifndef PRELOAD_CAPTURE_RECENT_H
#define PRELOAD_CAPTURE_RECENT_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/here.h"
#include "capture/table.h"
#include "capture/walk.h"
#include "thread.h"

#define RECENT_WAYS   4u
#define RECENT_CHECKS 16

/* Inner frames that led to the frame of the last stack that is `join` from its end. Three lines of
 * a cache, of which most need two. */
struct recent {
	_Alignas(64) uint64_t pc;
	uint64_t sp, bp, join_bp;
	struct stack_note note;
	uint32_t node, join_node;
	uint32_t join_words; /* from `sp` on: the join's stack pointer */
	uint16_t join;
	uint8_t count; /* of checks */
	bool bp_matters;
	uint64_t checks[RECENT_CHECKS]; /* each a word, and above it how many words from `sp` on */
};
_Static_assert(sizeof(struct recent) == 192, "which is three lines of a cache");

#define RECENT_WORD_BITS 48 /* return addresses and pointers into stacks have no more */
#define RECENT_WORD_MASK ((1ull << RECENT_WORD_BITS) - 1)

/* Room for a new thread. False: no memory. */
bool recent_start(struct stack_memory *memory);

void recent_forget(struct stack_memory *memory);

/* The last stack, of memory->key, has just got new frames up to `join`. */
void recent_remember(struct stack_memory *memory, const struct frame *join);

/* The first of the key's set; the others follow. */
static HOT uint32_t recent_place(const struct stack_memory *memory)
{
	return table_place(memory->key, memory->recent_size.mask) & ~(RECENT_WAYS - 1);
}

/* One for each, which says what its key may be; 0: none yet. */
static HOT uint16_t *recent_tags(const struct stack_memory *memory)
{
	return (uint16_t *)(memory->recent + memory->recent_size.mask + 1);
}

static HOT uint16_t recent_tag(const struct stack_memory *memory)
{
	return (uint16_t)memory->key | 1;
}

/* Word by word outwards, so that nothing is read that unwinding would not read. */
static HOT bool recent_holds(const struct recent *recent)
{
	for (unsigned i = 0; i < recent->count; i++) {
		uint64_t check = recent->checks[i];

		if (walk_word_at(recent->sp + (check >> RECENT_WORD_BITS) * MACHINE_WORD) !=
		    (check & RECENT_WORD_MASK))
			return false;
	}
	return true;
}

/* Whether the last stack has the frame that the inner ones led to, in the same state. */
static HOT bool recent_joins(const struct stack_memory *memory, const struct recent *recent,
			     const struct frame *join)
{
	uint64_t sp = recent->sp + (uint64_t)recent->join_words * MACHINE_WORD;

	return join >= memory->last && join->sp == sp && join->node == recent->join_node &&
	       (!join->bp_matters || join->bp == recent->join_bp);
}

/* Whether the inner frames of a stack are these, and its outer ones those of the last stack. */
static HOT bool recent_is(const struct stack_memory *memory, const struct recent *recent,
			  const struct here *here)
{
	const struct frame *join = memory->last_end - recent->join;

	__builtin_prefetch(recent->note.near, 1);
	return recent->pc == here->pc && recent->sp == here_sp(here) &&
	       (!recent->bp_matters || recent->bp == here->bp) &&
	       recent_joins(memory, recent, join) && recent_holds(recent) &&
	       walk_failing_check(memory, join->checks) == memory->last_end->checks;
}

/* The node of a stack, of memory->key, whose inner frames are remembered; or 0. */
static HOT uint32_t recent_find(struct stack_memory *memory, const struct here *here)
{
	uint32_t first = recent_place(memory);
	const uint16_t *tags = recent_tags(memory) + first;
	uint16_t tag = recent_tag(memory);

	for (uint32_t way = 0; way < RECENT_WAYS; way++) {
		struct recent *recent = &memory->recent[first + way];

		if (tags[way] != tag || !recent_is(memory, recent, here))
			continue;
		memory->noted = &recent->note;
		return recent->node;
	}
	return 0;
}

#endif
