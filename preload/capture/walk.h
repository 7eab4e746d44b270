/* SPDX-License-Identifier: MIT */
/*
 * Our own walk of the stack: from a hook to the node that stands for the whole stack.
 *
 * Unwinding is real: each frame's rule is applied to the registers and words that are there, or it
 * is known that the outcome would be the same.
 *
 * The last stack is remembered, as the state (pc, stack pointer, frame pointer) of each frame. If
 * the walk comes to a state that the last one went through, the rest is the same if the words that
 * the last one read from there on (return addresses, CFAs where a frame holds its own, and saved
 * frame pointers that something depends on) still are what they were: the rules are functions of
 * state and words. So the outer frames cost one comparison each. The words are compared outwards
 * one by one, so nothing is read that unwinding would not read.
 *
 * What stacks had instead of the inner frames of the last one is remembered, too, for a number of
 * them, in the same form (recent.h): the words on which it depended, and the outer frame that it
 * led to. A program that allocates in a few places by turns has all of them there.
 *
 * Otherwise the frames that are new are unwound, each pc's rule being remembered, too (steps.h),
 * until the walk comes to the last stack; and they are looked up in the tree from there inwards,
 * where the branches that were taken not long ago are remembered.
 *
 * All of that is private to the thread. Words may be garbage only where unwind information is
 * wrong; what follows from a frame pointer is checked to be near before it is used.
 */
#ifndef PRELOAD_CAPTURE_WALK_H
#define PRELOAD_CAPTURE_WALK_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/calls.h"
#include "capture/here.h"
#include "capture/machine.h"
#include "heapmark/format.h"
#include "thread.h"

#define LOWEST_CODE 4096u /* nothing is ever mapped below */

/* Whether there can be code. An unwinder that has lost its way finds anything; the largest
 * addresses, which are the kernel's, mean something else in a trace. */
static inline bool walk_may_be_code(uint64_t pc)
{
	return pc >= LOWEST_CODE && pc < HEAPMARK_SPLIT_FIRST;
}

/* A word that unwinding read. */
struct check {
	uint64_t slot, word;
};

/* What its rule has the CFA come from. */
enum frame_base {
	FRAME_FROM_SP,
	FRAME_FROM_BP,
	FRAME_REALIGNED, /* from a word in the frame */
};

struct frame {
	uint64_t pc, sp, bp; /* the state before the frame is unwound */
	uint32_t call;
	uint32_t node;
	uint32_t checks;   /* of the last stack: where those of this frame begin */
	int16_t bp_offset; /* as in its rule */
	uint8_t base;      /* enum frame_base */
	bool bp_matters;   /* to this frame or one further out, under their rules */
};

/* Where a call leads to, if not to the next node of its parent's chain. */
struct branch {
	uint32_t parent, call, node;
};

enum walk_outcome {
	WALK_DONE,
	WALK_NO_RULE,  /* a frame that has no rule: the whole stack is for another unwinder */
	WALK_TOO_DEEP, /* no more than config.depth frames can be walked */
	WALK_NO_MEMORY,
};

struct walk {
	enum walk_outcome outcome;
	uint32_t node;  /* WALK_DONE */
	uint32_t count; /* frames in memory->fresh: WALK_TOO_DEEP */
};

/* Room for the memory of a thread. False: there is none. */
bool walk_start(struct stack_memory *memory);

/* Stacks are full of what a sanitizer would not have us read. */
#if defined(__SANITIZE_ADDRESS__)
#define WALK_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WALK_SANITIZED 1
#endif
#endif
#ifdef WALK_SANITIZED
__attribute__((no_sanitize("address"), noinline)) static uint64_t walk_word_at(uint64_t address)
#else
static HOT uint64_t walk_word_at(uint64_t address)
#endif
{
	return *(const uint64_t *)address;
}

/* The first check from this one on that does not hold; at the end there is one that never does. */
static HOT const struct check *walk_failing(const struct check *check)
{
	while (walk_word_at(check->slot) == check->word)
		check++;
	return check;
}

/* The same for those of the last stack. */
static HOT uint32_t walk_failing_check(const struct stack_memory *memory, uint32_t index)
{
	return (uint32_t)(walk_failing(memory->checks + index) - memory->checks);
}

static HOT bool walk_is_at(const struct frame *frame, uint64_t pc, uint64_t sp, uint64_t bp)
{
	return frame->sp == sp && frame->pc == pc && !(frame->bp_matters && frame->bp != bp);
}

/* The node of the stack if it is the last one again; or 0. */
static HOT uint32_t walk_again(struct stack_memory *memory, const struct here *here)
{
	const struct frame *frame = memory->again;

	if (unlikely(!frame || memory->generation != load_acquire(&calls_generation)) ||
	    !walk_is_at(frame, here->pc, here_sp(here), here->bp) ||
	    walk_failing_check(memory, frame->checks) != memory->last_end->checks)
		return 0;
	memory->noted = &memory->again_note;
	return frame->node;
}

/* In a forked child, of another thread's: it may have been in the midst of anything. Whoever gets
 * its slot then remembers nothing. */
void walk_left_behind(struct stack_memory *memory);

/* The node of a stack if it was seen not long ago; or 0. */
uint32_t walk_recent(struct stack_memory *memory, const struct here *here);

/* The same for any stack, which must be the one that walk_recent() has just been asked for: the key
 * is that one's. */
struct walk walk_frames(struct stack_memory *memory, const struct here *here);

static HOT struct walk walk_stack(struct stack_memory *memory, const struct here *here)
{
	uint32_t node = walk_recent(memory, here);

	return likely(node) ? (struct walk){.outcome = WALK_DONE, .node = node}
			    : walk_frames(memory, here);
}

/* The same for programs that keep frame pointers, by following those; what does not point further
 * out, but near, ends the stack. Fills `frames` with return addresses and returns how many. */
uint32_t walk_frame_pointers(void **frames, uint32_t room, const struct here *here);

#endif
