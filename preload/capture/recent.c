/* SPDX-License-Identifier: MIT */
/* Making room for inner frames, and remembering them; see recent.h. */
#include "capture/recent.h"

#include <string.h>

#include "heapmark/options.h"
#include "mem.h"

#define ROOM_LAST  4096u
#define RARE       32 /* as much of what is looked for is not there */
#define ITEM_BYTES (sizeof(struct recent) + sizeof(uint16_t))

_Static_assert(HEAPMARK_DEPTH_MAX <= UINT16_MAX, "so that `join` can be any frame");

bool recent_start(struct stack_memory *memory)
{
	memory->recent_size = TABLE_NEW;
	memory->recent = mem_take(TABLE_FIRST * ITEM_BYTES);
	return memory->recent != NULL;
}

void recent_forget(struct stack_memory *memory)
{
	memset(recent_tags(memory), 0, (memory->recent_size.mask + 1) * sizeof(uint16_t));
}

/* Of two addresses on a stack. False: they are too far apart, or not by whole words. */
static bool words_between(uint64_t from, uint64_t to, unsigned bits, uint64_t *words)
{
	*words = (to - from) / MACHINE_WORD;
	return (to - from) % MACHINE_WORD == 0 && *words >> bits == 0;
}

static bool fits(const struct check *check, uint64_t sp)
{
	uint64_t words;

	return words_between(sp, check->slot, 64 - RECENT_WORD_BITS, &words) &&
	       check->word >> RECENT_WORD_BITS == 0;
}

/* Whether the frames from `top` to `join` can be remembered: there are not too many words that they
 * depend on, nor too far away. */
static bool all_fit(const struct check *checks, const struct frame *top, const struct frame *join)
{
	uint64_t words;

	if (join->checks - top->checks > RECENT_CHECKS ||
	    !words_between(top->sp, join->sp, 32, &words))
		return false;
	for (uint32_t i = top->checks; i < join->checks; i++)
		if (!fits(&checks[i], top->sp))
			return false;
	return true;
}

static uint64_t pack(const struct check *check, uint64_t sp)
{
	return (check->slot - sp) / MACHINE_WORD << RECENT_WORD_BITS | check->word;
}

static void fill(struct recent *recent, const struct check *checks, const struct frame *top,
		 const struct frame *join)
{
	recent->pc = top->pc;
	recent->sp = top->sp;
	recent->bp = top->bp;
	recent->join_bp = join->bp;
	recent->note = (struct stack_note){.site = 0};
	recent->node = top->node;
	recent->join_node = join->node;
	recent->join_words = (uint32_t)((join->sp - top->sp) / MACHINE_WORD);
	recent->count = (uint8_t)(join->checks - top->checks);
	recent->bp_matters = top->bp_matters;
	for (uint32_t i = 0; i < recent->count; i++)
		recent->checks[i] = pack(&checks[top->checks + i], top->sp);
}

/* Which of a set is written over goes by turns: it is as good as the one that was not used longest,
 * and nothing has to be kept for it. */
static uint32_t choose(const struct stack_memory *memory)
{
	return recent_place(memory) + memory->recent_size.writes % RECENT_WAYS;
}

/* A table that nearly always has what is looked for is wide enough, however long it takes until
 * much has been written: a thread that runs for days in the same few stacks shall not need what a
 * compiler does. */
static void count_write(struct stack_memory *memory)
{
	struct table_size *size = &memory->recent_size;
	uint64_t looks = load_relaxed(&memory->captured);

	if (!table_is_crowded(size))
		return;
	if (looks - memory->recent_since > (uint64_t)RARE * size->writes)
		size->writes = 0;
	memory->recent_since = looks;
}

void recent_remember(struct stack_memory *memory, const struct frame *join)
{
	struct recent *recent;
	uint32_t place;

	if (!all_fit(memory->checks, memory->last, join))
		return;
	count_write(memory);
	memory->recent =
		table_with_room(memory->recent, &memory->recent_size, ROOM_LAST, ITEM_BYTES);
	place = choose(memory);
	recent = &memory->recent[place];
	fill(recent, memory->checks, memory->last, join);
	recent->join = (uint16_t)(memory->last_end - join);
	recent_tags(memory)[place] = recent_tag(memory);
	memory->noted = &recent->note;
}
