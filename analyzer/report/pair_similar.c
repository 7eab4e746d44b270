/* SPDX-License-Identifier: MIT */
/*
 * Rows that are one although their places are not: a function was inlined without a trace, left by
 * a jump, or renamed. Their call stacks tell. Only those that one side has are looked at, what
 * allocated most first; each stack only beside those that share an inner line.
 */
#include <stdlib.h>

#include "model/candidates.h"
#include "model/likeness.h"
#include "report/pair.h"
#include "report/unpaired.h"
#include "util/buffer.h"
#include "util/hash.h"
#include "util/memory.h"

#define INNER_LINES 3
#define WORK_MOST   100000000 /* steps compared with steps, before the rest is given up */

/* The stacks that have a line among their inner ones. */
struct by_line {
	uint32_t place;
	uint32_t *stacks;
	size_t count, capacity;
	UT_hash_handle hh;
};

/* The index of the next inner line at or after `at`; stack->count if there is none. `found` counts
 * them. */
static uint32_t next_inner(const struct unpaired_stack *stack, uint32_t at, unsigned *found)
{
	while (at < stack->count && !stack->steps[at].is_own)
		at++;
	return at < stack->count && (*found)++ < INNER_LINES ? at : stack->count;
}

static struct by_line *index_lines(const struct unpaired *unpaired)
{
	struct by_line *table = NULL, *line;

	for (uint32_t i = 0; i < unpaired->count; i++) {
		const struct unpaired_stack *stack = &unpaired->items[i];
		unsigned found = 0;

		for (uint32_t at = next_inner(stack, 0, &found); at < stack->count;
		     at = next_inner(stack, at + 1, &found)) {
			uint32_t place = stack->steps[at].place;

			HASH_FIND(hh, table, &place, sizeof(place), line);
			if (!line) {
				line = xcalloc(1, sizeof(*line));
				line->place = place;
				HASH_ADD(hh, table, place, sizeof(line->place), line);
			}
			line->stacks = array_grow(line->stacks, line->count, &line->capacity,
						  sizeof(*line->stacks));
			line->stacks[line->count++] = i;
		}
	}
	return table;
}

static void index_release(struct by_line *table)
{
	struct by_line *line, *next;

	HASH_ITER (hh, table, line, next) {
		HASH_DEL(table, line);
		free(line->stacks);
		free(line);
	}
}

/* What the rows have to say to a pair of stacks. A frame has come or gone if one stack begins
 * within the other; then memory moves to a row that is new, or from one that is gone. Otherwise a
 * function has become another, and then both must be of one side only. */
static bool rows_allow(const struct unpaired_stack *old, const struct unpaired_stack *new)
{
	if (old->key == new->key)
		return true;
	if (begins_within(old->steps, old->count, new->steps, new->count))
		return old->row_is_left || new->row_is_left;
	return old->row_is_left && new->row_is_left;
}

/* Candidates for one old stack. Returns the work that was done. */
static uint64_t compare(const struct unpaired *old, const struct unpaired *new,
			struct by_line *index, uint32_t i, uint32_t *seen,
			struct candidates *candidates)
{
	const struct unpaired_stack *stack = &old->items[i];
	struct by_line *line;
	unsigned found = 0;
	uint64_t work = 0;

	for (uint32_t at = next_inner(stack, 0, &found); at < stack->count;
	     at = next_inner(stack, at + 1, &found)) {
		HASH_FIND(hh, index, &stack->steps[at].place, sizeof(line->place), line);
		for (size_t k = 0; line && k < line->count; k++) {
			uint32_t j = line->stacks[k], score;

			if (seen[j] == i + 1)
				continue;
			seen[j] = i + 1;
			if (!rows_allow(stack, &new->items[j]))
				continue;
			work += (uint64_t)stack->count * new->items[j].count;
			score = likeness(stack->steps, stack->count, new->items[j].steps,
					 new->items[j].count);
			if (score >= LIKENESS_LEAST)
				candidates_add(candidates, i, j, score);
		}
	}
	return work;
}

/* Pairs of stacks, the best first. */
static uint32_t *pair_stacks(const struct unpaired *old, const struct unpaired *new)
{
	struct by_line *index = index_lines(new);
	struct candidates candidates = CANDIDATES_INIT;
	uint32_t *seen = xcalloc(new->count + 1, sizeof(*seen)), *partners;
	uint64_t work = 0;

	for (uint32_t i = 0; i < old->count && work < WORK_MOST; i++)
		work += compare(old, new, index, i, seen, &candidates);
	partners = candidates_choose(&candidates, old->count, new->count);
	free(seen);
	candidates_release(&candidates);
	index_release(index);
	return partners;
}

uint32_t *pair_similar(struct report *report)
{
	struct unpaired old = unpaired_find(report, 0), new = unpaired_find(report, 1);
	uint32_t *keys = NULL, *partners = pair_stacks(&old, &new);

	for (size_t i = 0; i < old.count; i++) {
		if (!partners[i] || new.items[partners[i] - 1].key == old.items[i].key)
			continue;
		if (!keys)
			keys = xcalloc(report->paths.count, sizeof(*keys));
		keys[old.items[i].path] = new.items[partners[i] - 1].key + 1;
	}
	free(partners);
	unpaired_release(&new);
	unpaired_release(&old);
	return keys;
}
