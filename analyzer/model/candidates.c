/* SPDX-License-Identifier: MIT */
/* The best pairs first; see candidates.h. */
#include "model/candidates.h"

#include <stdbool.h>
#include <stdlib.h>

#include "util/buffer.h"
#include "util/memory.h"

/* Of everything on one side. */
struct ends {
	uint32_t *rivals; /* candidates of the score at hand that are still open */
	bool *is_done;    /* has a partner, or is not to get one */
};

void candidates_add(struct candidates *candidates, uint32_t old, uint32_t new, uint32_t score)
{
	candidates->items = array_grow(candidates->items, candidates->count, &candidates->capacity,
				       sizeof(*candidates->items));
	candidates->items[candidates->count++] = (struct candidate){old, new, score};
}

void candidates_release(struct candidates *candidates)
{
	free(candidates->items);
	*candidates = (struct candidates)CANDIDATES_INIT;
}

static int by_score(const void *left, const void *right)
{
	const struct candidate *a = left, *b = right;

	if (a->score != b->score)
		return a->score < b->score ? 1 : -1;
	if (a->old != b->old)
		return a->old < b->old ? -1 : 1;
	return a->new < b->new ? -1 : a->new > b->new;
}

/* Decides among candidates of one score. */
static void choose(const struct candidate *items, size_t count, struct ends *old, struct ends *new,
		   uint32_t *partners)
{
	bool *is_open = xcalloc(count, sizeof(*is_open));

	for (size_t i = 0; i < count; i++) {
		is_open[i] = !old->is_done[items[i].old] && !new->is_done[items[i].new];
		old->rivals[items[i].old] += is_open[i];
		new->rivals[items[i].new] += is_open[i];
	}
	for (size_t i = 0; i < count; i++) {
		if (!is_open[i])
			continue;
		old->is_done[items[i].old] = new->is_done[items[i].new] = true;
		if (old->rivals[items[i].old] == 1 && new->rivals[items[i].new] == 1)
			partners[items[i].old] = items[i].new + 1;
	}
	for (size_t i = 0; i < count; i++)
		old->rivals[items[i].old] = new->rivals[items[i].new] = 0;
	free(is_open);
}

static struct ends ends_new(size_t count)
{
	return (struct ends){xcalloc(count + 1, sizeof(uint32_t)),
			     xcalloc(count + 1, sizeof(bool))};
}

static void ends_release(struct ends *ends)
{
	free(ends->rivals);
	free(ends->is_done);
}

uint32_t *candidates_choose(struct candidates *candidates, size_t old_count, size_t new_count)
{
	uint32_t *partners = xcalloc(old_count + 1, sizeof(*partners));
	struct ends old = ends_new(old_count), new = ends_new(new_count);
	const struct candidate *items = candidates->items;

	if (candidates->count)
		qsort(candidates->items, candidates->count, sizeof(*items), by_score);
	for (size_t from = 0, to; from < candidates->count; from = to) {
		to = from;
		while (to < candidates->count && items[to].score == items[from].score)
			to++;
		choose(&items[from], to - from, &old, &new, partners);
	}
	ends_release(&new);
	ends_release(&old);
	return partners;
}
