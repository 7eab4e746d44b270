/* SPDX-License-Identifier: MIT */
/* The walk and what it remembers; see walk.h for why it is sound. */
#include "capture/walk.h"

#include <string.h>

#include "capture/calls.h"
#include "capture/recent.h"
#include "capture/steps.h"
#include "capture/table.h"
#include "capture/tree.h"
#include "config.h"
#include "mem.h"

#define NEAR        MACHINE_CFA_MAX /* a frame is not larger */
#define WORDS       3               /* at most, that unwinding reads of a frame */
#define DEAD_KEPT   4               /* frames of the last stack further in than this one goes */
#define BRANCH_LAST 4096u           /* places in the table of branches */

/* A walk under way: the state it has come to. */
struct state {
	uint64_t pc, sp, bp;
	uint32_t count;         /* fresh frames */
	const struct frame *at; /* in the last stack: further in, stack pointers are below ours */
	const struct frame *barred; /* of the last stack: it and all further in are no use */
	uint64_t end_slot; /* the word that ended the stack by being 0; 0: its frames did */
};

/* By the two innermost frames: as the first is often that of a wrapper. */
static HOT uint64_t stack_key(struct stack_memory *memory, const struct here *here)
{
	uint64_t sp = here_sp(here), key = table_mix(here->pc, sp << 20);
	const struct step *step = steps_find(memory, here->pc);

	if (likely(step->kind == RULE_STEP && !step->from_bp))
		key = table_mix(key,
				walk_word_at(sp + steps_bytes(step->cfa_words) - MACHINE_WORD));
	return key ^ key >> 29;
}

static const uint64_t never = 0; /* it is not 1 */
static const struct check end_of_checks = {(uint64_t)&never, 1};

static void forget_last(struct stack_memory *memory)
{
	memory->last = memory->last_end;
	memory->again = NULL;
}

bool walk_start(struct stack_memory *memory)
{
	uint32_t depth = (uint32_t)config.depth;
	struct frame *frames = mem_take((depth + 1) * sizeof(*frames));

	memory->branch_size = TABLE_NEW;
	memory->branches = mem_take(TABLE_FIRST * sizeof(*memory->branches));
	memory->fresh = mem_take(depth * sizeof(*memory->fresh));
	memory->checks = mem_take((WORDS * depth + 1) * sizeof(*memory->checks));
	if (!frames || !memory->branches || !memory->fresh || !memory->checks ||
	    !steps_start(memory) || !recent_start(memory))
		return false;
	memory->last_end = &frames[depth];
	*memory->last_end = (struct frame){.sp = UINT64_MAX, .checks = WORDS * depth};
	memory->checks[WORDS * depth] = end_of_checks;
	forget_last(memory);
	return true;
}

/* Code was unmapped, or the thread was left behind: what was remembered of any may be wrong. */
static COLD void forget(struct stack_memory *memory, uint32_t generation)
{
	memory->generation = generation;
	forget_last(memory);
	steps_forget(memory);
	recent_forget(memory);
	memset(memory->branches, 0, (memory->branch_size.mask + 1) * sizeof(*memory->branches));
}

/* Whether all frames of the last stack from this one outwards are still what they were. If not,
 * bars the walk from those that this has shown to differ. */
static HOT bool outer_frames_hold(const struct stack_memory *memory, const struct frame *frame,
				  struct state *state)
{
	uint32_t failing = walk_failing_check(memory, frame->checks);

	if (likely(failing == memory->last_end->checks))
		return true;
	while (frame[1].checks <= failing)
		frame++;
	state->barred = frame;
	return false;
}

/* The frame of the last stack with the state that the walk has come to, or NULL. */
static HOT struct frame *meet(const struct stack_memory *memory, struct state *state)
{
	const struct frame *at = state->at;

	while (at->sp < state->sp)
		at++;
	state->at = at;
	if (!walk_is_at(at, state->pc, state->sp, state->bp) || at <= state->barred)
		return NULL;
	return outer_frames_hold(memory, at, state) ? (struct frame *)at : NULL;
}

static HOT bool is_near(uint64_t cfa, uint64_t sp)
{
	return cfa - sp - 1 < NEAR && cfa % MACHINE_WORD == 0;
}

/* The same for a frame whose CFA is in the frame. Neither word is read unless it is above the stack
 * pointer and near; nor believed, unless it leads further out than where it was. */
static enum rule_kind unwind_realigned(struct stack_memory *memory, struct state *state,
				       const struct step *step)
{
	uint64_t cfa_slot = state->bp + steps_bytes(step->cfa_words);
	uint64_t bp_slot = state->bp + steps_bytes(step->bp_words), cfa;

	if (!is_near(cfa_slot + MACHINE_WORD, state->sp))
		return RULE_NONE;
	cfa = walk_word_at(cfa_slot);
	if (!is_near(cfa, cfa_slot) || !is_near(cfa, bp_slot) ||
	    !is_near(bp_slot + MACHINE_WORD, state->sp))
		return RULE_NONE;
	memory->fresh[state->count].base = FRAME_REALIGNED;
	state->count++;
	state->bp = walk_word_at(bp_slot);
	state->sp = cfa;
	state->pc = walk_word_at(cfa - MACHINE_WORD);
	return RULE_STEP;
}

static NOINLINE enum rule_kind unwind_otherwise(struct stack_memory *memory, struct state *state,
						const struct step *step)
{
	if (step->kind == RULE_REALIGNED)
		return unwind_realigned(memory, state, step);
	if (step->kind == RULE_NONE ||
	    (step->kind == RULE_BARE && rule_may_be_frame(state->bp, state->sp)))
		return RULE_NONE;
	state->count++;
	return RULE_END;
}

/* Unwinds the frame at the state into the next fresh one. */
static HOT enum rule_kind unwind(struct stack_memory *memory, struct state *state)
{
	struct frame *frame = &memory->fresh[state->count];
	const struct step *step = steps_find(memory, state->pc);
	uint64_t cfa = state->sp + steps_bytes(step->cfa_words);

	frame->pc = state->pc;
	frame->sp = state->sp;
	frame->bp = state->bp;
	frame->call = step->call;
	frame->bp_offset = (int16_t)steps_bytes(step->bp_words);
	frame->base = step->from_bp;
	if (unlikely(step->kind != RULE_STEP))
		return unwind_otherwise(memory, state, step);
	if (unlikely(step->from_bp)) {
		cfa = state->bp + steps_bytes(step->cfa_words);
		if (!is_near(cfa, state->sp))
			return RULE_NONE;
	}
	state->count++;
	if (step->bp_words)
		state->bp = walk_word_at(cfa + steps_bytes(step->bp_words));
	state->sp = cfa;
	state->pc = walk_word_at(cfa - MACHINE_WORD);
	return RULE_STEP;
}

static HOT struct branch *branch_place(const struct stack_memory *memory, uint64_t key)
{
	return &memory->branches[table_place(key, memory->branch_size.mask)];
}

static HOT uint32_t find_branch(struct stack_memory *memory, uint32_t parent, uint32_t call)
{
	uint64_t key = table_mix((uint64_t)parent << 32 | call, 0);
	const struct branch *known = branch_place(memory, key);
	uint32_t node;

	if (known->parent == parent && known->call == call)
		return known->node;
	node = tree_branch(parent, call);
	if (!node)
		return 0;
	memory->branches = table_with_room(memory->branches, &memory->branch_size, BRANCH_LAST,
					   sizeof(*memory->branches));
	*branch_place(memory, key) = (struct branch){parent, call, node};
	return node;
}

/* The node of a call in the context of a node; or 0: there is none. */
static HOT uint32_t find_node(struct stack_memory *memory, uint32_t parent, uint32_t call)
{
	uint32_t next = tree_next(parent, call);

	return next ? next : find_branch(memory, parent, call);
}

/* The stack is new from this frame inwards, if nobody else has made its nodes meanwhile. */
static NOINLINE bool add_frames(struct stack_memory *memory, uint32_t count, uint32_t outer)
{
	bool is_new = false, done = tree_hold();

	if (!done)
		return false;
	while (count-- > 0 && done) {
		struct frame *frame = &memory->fresh[count];
		uint32_t known = is_new ? 0 : tree_find(outer, frame->call);

		is_new = !known;
		outer = frame->node = known ? known : tree_add(outer, frame->call);
		done = outer != 0;
	}
	tree_release();
	return done;
}

/* Gives nodes to all fresh frames. False: no memory. */
static NOINLINE bool name_frames(struct stack_memory *memory, uint32_t count, uint32_t outer)
{
	while (count > 0) {
		struct frame *frame = &memory->fresh[count - 1];

		frame->node = find_node(memory, outer, frame->call);
		if (!frame->node)
			break;
		outer = frame->node;
		count--;
	}
	return count == 0 || add_frames(memory, count, outer);
}

/* Adds the words that the way from a realigned frame out depends on, but for the return address.
 * The CFA comes first: the rest was only read because of it. */
static NOINLINE struct check *check_realigned(struct check *check, const struct frame *frame,
					      const struct frame *outer, uint64_t cfa)
{
	const struct rule *rule = &calls_get(frame->call)->rule;

	if (outer->bp_matters)
		*--check =
			(struct check){frame->bp + (uint64_t)(int64_t)rule->bp_offset, outer->bp};
	*--check = (struct check){frame->bp + (uint64_t)(int64_t)rule->cfa_offset, cfa};
	return check;
}

/* The fresh frames, which lead to `outer` of the last stack, become part of it. */
static HOT void remember(struct stack_memory *memory, const struct state *state,
			 struct frame *outer)
{
	struct frame *frame = outer - state->count;
	struct check *check = &memory->checks[outer->checks];

	memory->last = frame;
	memory->again = config.verify ? NULL : frame;
	memory->again_note = (struct stack_note){.site = 0};
	memory->noted = &memory->again_note;
	memcpy(frame, memory->fresh, state->count * sizeof(*frame));
	if (state->end_slot)
		*--check = (struct check){state->end_slot, 0};
	for (frame = outer - 1; frame >= memory->last; outer = frame--) {
		if (outer != memory->last_end)
			*--check = (struct check){outer->sp - MACHINE_WORD, outer->pc};
		if (unlikely(frame->base == FRAME_REALIGNED)) {
			/* Where this ends the stack, there is no frame further out that says. */
			uint64_t cfa = outer != memory->last_end ? outer->sp
								 : state->end_slot + MACHINE_WORD;

			check = check_realigned(check, frame, outer, cfa);
		} else if (frame->bp_offset && outer->bp_matters)
			*--check = (struct check){outer->sp + (uint64_t)(int64_t)frame->bp_offset,
						  outer->bp};
		frame->checks = (uint32_t)(check - memory->checks);
		frame->bp_matters =
			(frame->base != FRAME_FROM_SP) | (!frame->bp_offset & outer->bp_matters);
	}
}

/* Through: at a frame of the last stack, or (its end) by itself. */
static HOT struct walk finish(struct stack_memory *memory, const struct state *state,
			      struct frame *met)
{
	uint32_t join = met->node; /* 0: the end */

	if (unlikely((uint64_t)(memory->last_end - met) + state->count > config.depth))
		return (struct walk){.outcome = WALK_TOO_DEEP};
	if (state->count == 0) {
		if (met - memory->last > DEAD_KEPT)
			remember(memory, state, met);
		return (struct walk){.outcome = WALK_DONE, .node = join};
	}
	if (unlikely(!name_frames(memory, state->count, join))) {
		forget_last(memory);
		return (struct walk){.outcome = WALK_NO_MEMORY};
	}
	remember(memory, state, met);
	if (join)
		recent_remember(memory, met);
	return (struct walk){.outcome = WALK_DONE, .node = memory->last->node};
}

/* With nothing in the last stack, this walks every frame. */
static HOT struct walk walk(struct stack_memory *memory, const struct here *here)
{
	struct state state = {
		.pc = here->pc,
		.sp = here_sp(here),
		.bp = here->bp,
		.at = memory->last,
	};
	struct frame *met = meet(memory, &state);

	while (!met) {
		enum rule_kind kind;

		if (unlikely(state.count == config.depth))
			return (struct walk){.outcome = WALK_TOO_DEEP, .count = state.count};
		kind = unwind(memory, &state);
		if (unlikely(kind == RULE_NONE))
			return (struct walk){.outcome = WALK_NO_RULE};
		if (unlikely(kind == RULE_END || state.pc == 0)) {
			state.end_slot = kind == RULE_END ? 0 : state.sp - MACHINE_WORD;
			met = memory->last_end;
		} else {
			met = meet(memory, &state);
		}
	}
	return finish(memory, &state, met);
}

uint32_t walk_recent(struct stack_memory *memory, const struct here *here)
{
	uint32_t generation = load_acquire(&calls_generation); /* pairs with calls_retire() */

	if (unlikely(memory->generation != generation))
		forget(memory, generation);
	memory->key = stack_key(memory, here);
	return recent_find(memory, here);
}

struct walk walk_frames(struct stack_memory *memory, const struct here *here)
{
	struct walk found = walk(memory, here);

	if (unlikely(found.outcome == WALK_TOO_DEEP && found.count == 0)) {
		forget_last(memory); /* it is too deep only with what was remembered */
		found = walk(memory, here);
	}
	return found;
}

void walk_left_behind(struct stack_memory *memory)
{
	/* Each has at least so many places, whatever its size says. */
	memory->recent_size = memory->step_size = memory->branch_size = TABLE_NEW;
	memory->generation = load_relaxed(&calls_generation) - 1;
}

#pragma weak __libc_stack_end
extern void *__libc_stack_end;

/* Where the stack that `sp` is on ends: the C library has a thread's own data above its stack, and
 * knows where the first stack began. A stack that the program made itself has no end that we know:
 * then the next address. */
static uint64_t stack_end(uint64_t sp)
{
	uint64_t first = &__libc_stack_end ? (uint64_t)__libc_stack_end : 0;
	uint64_t own = (uint64_t)__builtin_thread_pointer();

	if (sp < first && first - sp < NEAR)
		return first;
	return sp < own && own - sp < NEAR ? own : sp;
}

uint32_t walk_frame_pointers(void **frames, uint32_t room, const struct here *here)
{
	uint64_t pc = here->pc, sp = here_sp(here), bp = here->bp, end = stack_end(sp);
	uint32_t count = 0;

	while (walk_may_be_code(pc) && count < room) {
		frames[count++] = (void *)pc;
		if (bp < sp || bp >= end || end - bp < 2 * MACHINE_WORD || bp % MACHINE_WORD)
			break;
		pc = walk_word_at(bp + MACHINE_WORD);
		sp = bp + 2 * MACHINE_WORD;
		bp = walk_word_at(bp);
	}
	return count;
}
