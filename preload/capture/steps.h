/* SPDX-License-Identifier: MIT */
/* What a thread remembers of return addresses: the call at each (calls.h), and its rule. */
#ifndef PRELOAD_CAPTURE_STEPS_H
#define PRELOAD_CAPTURE_STEPS_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/machine.h"
#include "capture/table.h"
#include "thread.h"

/* Fields as those of struct rule, but for the units. Four of these are a line of a cache. */
struct step {
	uint64_t pc;
	uint64_t call : 24;
	uint64_t kind : 3;
	uint64_t from_bp : 1;
	int64_t bp_words : 12;
	int64_t cfa_words : 24;
};

#define STEPS_LINE ((uint32_t)(64 / sizeof(struct step)))

/* Room for a new thread. False: no memory. */
bool steps_start(struct stack_memory *memory);

void steps_forget(struct stack_memory *memory);

/* What is not remembered is looked up, and remembered. */
const struct step *steps_make(struct stack_memory *memory, uint64_t pc);

static HOT uint32_t steps_place(const struct stack_memory *memory, uint64_t pc)
{
	return table_place(table_mix(pc, 0), memory->step_size.mask);
}

/* That many places on from one, in the same line. */
static HOT struct step *steps_beside(const struct stack_memory *memory, uint32_t place,
				     uint32_t way)
{
	return &memory->steps[(place & ~(STEPS_LINE - 1)) | (place + way) % STEPS_LINE];
}

/* The step at a return address, in its own place or beside it; good until the next one is asked
 * for. */
static HOT const struct step *steps_find(struct stack_memory *memory, uint64_t pc)
{
	uint32_t place = steps_place(memory, pc);

	for (uint32_t way = 0; way < STEPS_LINE; way++) {
		const struct step *step = steps_beside(memory, place, way);

		if (likely(step->pc == pc))
			return step;
	}
	return steps_make(memory, pc);
}

static HOT uint64_t steps_bytes(int64_t words)
{
	return (uint64_t)(words * MACHINE_WORD);
}

#endif
