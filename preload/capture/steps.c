/* SPDX-License-Identifier: MIT */
/* Making steps of calls; see steps.h. */
#include "capture/steps.h"

#include "capture/calls.h"
#include "mem.h"

#define ROOM_LAST 4096u

#define CFA_WORDS_MAX (MACHINE_CFA_MAX / MACHINE_WORD)
#define BP_WORDS_MAX  (MACHINE_BP_MAX / MACHINE_WORD)
_Static_assert(CFA_WORDS_MAX <= 1 << 23 && BP_WORDS_MAX <= 1 << 11, "they fit into struct step");
_Static_assert(CALLS_MAX <= 1 << 24 && RULE_KINDS <= 1 << 3, "and so do these");

bool steps_start(struct stack_memory *memory)
{
	memory->step_size = TABLE_NEW;
	memory->steps = mem_take(TABLE_FIRST * sizeof(*memory->steps));
	return memory->steps != NULL;
}

void steps_forget(struct stack_memory *memory)
{
	for (uint32_t i = 0; i <= memory->step_size.mask; i++)
		memory->steps[i].pc = 0;
}

static struct step make(uint64_t pc)
{
	uint32_t call = calls_find(pc);
	const struct rule *rule = &calls_get(call)->rule;

	return (struct step){
		.pc = pc,
		.call = call,
		.kind = rule->kind,
		.from_bp = rule->from_bp,
		.bp_words = rule->bp_offset / MACHINE_WORD,
		.cfa_words = rule->cfa_offset / MACHINE_WORD,
	};
}

NOINLINE const struct step *steps_make(struct stack_memory *memory, uint64_t pc)
{
	struct step made = make(pc);
	uint32_t place;

	memory->steps = table_with_room(memory->steps, &memory->step_size, ROOM_LAST,
					sizeof(*memory->steps));
	place = steps_place(memory, pc);
	*steps_beside(memory, place, 1) = *steps_beside(memory, place, 0);
	*steps_beside(memory, place, 0) = made;
	return steps_beside(memory, place, 0);
}
