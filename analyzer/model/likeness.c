/* SPDX-License-Identifier: MIT */
/* Call stacks held side by side; see likeness.h. */
#include "model/likeness.h"

#include <stdlib.h>

#include "util/memory.h"

#define INNER_FRAMES 3 /* of which one must agree */

enum { WEIGHT_LIBRARY = 1, WEIGHT_OWN = 4, WEIGHT_INNERMOST = 8 };

void steps_weigh(struct step *steps, size_t count)
{
	bool is_innermost = true;

	for (size_t i = 0; i < count; i++) {
		steps[i].weight = !steps[i].is_own ? WEIGHT_LIBRARY
				  : is_innermost   ? WEIGHT_INNERMOST
						   : WEIGHT_OWN;
		is_innermost = is_innermost && !steps[i].is_own;
	}
}

static uint64_t weight_of(const struct step *steps, size_t count)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += steps[i].weight;
	return sum;
}

/* The places of the first frames of one's own, or simply the first if there are none such. */
static size_t inner_frames(const struct step *steps, size_t count, uint32_t places[INNER_FRAMES])
{
	size_t found = 0;

	for (size_t i = 0; i < count && found < INNER_FRAMES; i++)
		if (steps[i].is_own)
			places[found++] = steps[i].place;
	if (found)
		return found;
	for (; found < count && found < INNER_FRAMES; found++)
		places[found] = steps[found].place;
	return found;
}

/* The innermost frame of one's own; the innermost of all if there is none. */
static const struct step *innermost(const struct step *steps, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (steps[i].is_own)
			return &steps[i];
	return steps;
}

/* Two lines of one function: if they were one, they would have the same number. */
static bool begin_apart(const struct step *old, size_t old_count, const struct step *new,
			size_t new_count)
{
	const struct step *a = innermost(old, old_count), *b = innermost(new, new_count);

	return a->function == b->function && a->place != b->place;
}

static bool inner_ends_agree(const struct step *old, size_t old_count, const struct step *new,
			     size_t new_count)
{
	uint32_t olds[INNER_FRAMES], news[INNER_FRAMES];
	size_t old_inner = inner_frames(old, old_count, olds);
	size_t new_inner = inner_frames(new, new_count, news);

	for (size_t i = 0; i < old_inner; i++)
		for (size_t j = 0; j < new_inner; j++)
			if (olds[i] == news[j])
				return true;
	return false;
}

bool begins_within(const struct step *old, size_t old_count, const struct step *new,
		   size_t new_count)
{
	uint32_t olds[INNER_FRAMES], news[INNER_FRAMES];
	size_t old_inner = inner_frames(old, old_count, olds);
	size_t new_inner = inner_frames(new, new_count, news);

	for (size_t i = 0; old_inner && i < new_inner; i++)
		if (news[i] == olds[0])
			return true;
	for (size_t i = 0; new_inner && i < old_inner; i++)
		if (olds[i] == news[0])
			return true;
	return false;
}

/* Twice what a pair of frames counts. */
static uint64_t worth(const struct step *a, const struct step *b)
{
	if (a->place == b->place)
		return 2 * ((uint64_t)a->weight + b->weight);
	if (a->function == b->function)
		return (uint64_t)a->weight + b->weight;
	return 0;
}

/* The most that frames in the same order on both sides are worth, row by row. */
static uint64_t most_worth(const struct step *old, size_t old_count, const struct step *new,
			   size_t new_count)
{
	uint64_t *above = xcalloc(new_count + 1, sizeof(*above));
	uint64_t *row = xcalloc(new_count + 1, sizeof(*row)), *other, most;

	for (size_t i = 0; i < old_count; i++) {
		for (size_t j = 0; j < new_count; j++) {
			row[j + 1] = above[j] + worth(&old[i], &new[j]);
			if (above[j + 1] > row[j + 1])
				row[j + 1] = above[j + 1];
			if (row[j] > row[j + 1])
				row[j + 1] = row[j];
		}
		other = above;
		above = row;
		row = other;
	}
	most = above[new_count];
	free(row);
	free(above);
	return most;
}

uint32_t likeness(const struct step *old, size_t old_count, const struct step *new,
		  size_t new_count)
{
	uint64_t all = weight_of(old, old_count) + weight_of(new, new_count), same = 0;

	if (!old_count || !new_count || begin_apart(old, old_count, new, new_count) ||
	    !inner_ends_agree(old, old_count, new, new_count))
		return 0;
	/* Most stacks agree in their outer part, which need not be tried in other ways. */
	while (old_count && new_count && old[old_count - 1].place == new[new_count - 1].place)
		same += worth(&old[--old_count], &new[--new_count]);
	same += most_worth(old, old_count, new, new_count);
	return (uint32_t)(same * LIKENESS_SAME / (2 * all));
}
