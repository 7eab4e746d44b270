/* SPDX-License-Identifier: MIT */
/*
 * Lines in order; see align.h. The best alignment is found by dynamic programming over pairs of
 * lines. Where two alignments are equally good, one is not better for having been found first:
 * so it is looked for twice, with ties broken in opposite ways, and what differs is not sure.
 */
#include "model/align.h"

#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

/* Pairs tried for one function; beyond, only lines of the same distance from its declaration are
 * paired. */
#define CELLS_MOST  4000000
#define SHIFTS_MOST 4000000

/* What speaks for a pair. One whose sum is negative would not be made. A line that is where it was
 * in its function stays a pair whatever it calls now. */
enum {
	SCORE_PAIR = 40,
	SCORE_DECLARED = 70,       /* as far from the declaration as before */
	SCORE_NEAR = 10,           /* or nearly so */
	SCORE_SHIFT = 30,          /* moved by as much as the pair before, or as the declaration */
	SCORE_CALLEES = 40,        /* the same, times the part of them that is */
	SCORE_OTHER_CALLEES = -60, /* not one of them is the same */
	SCORE_SAME_SIZE = 80,      /* blocks are as large, on the average */
	SCORE_OTHER_SIZE = -30,
	NEAR_LINES = 2,
};

/* How the best alignment that ends with a pair goes on towards the front. */
enum before { BEFORE_ANY, BEFORE_START, BEFORE_SAME_SHIFT };

struct cell {
	int pair; /* of the best alignment of the lines up to here that ends with this pair */
	int best; /* of the best alignment of them */
	enum before before;
	uint32_t same_shift; /* the cell before, if BEFORE_SAME_SHIFT */
};

struct aligner {
	const struct align_function *old, *new;
	struct cell *cells; /* (old + 1) rows of (new + 1): 0 stands for no line yet */
	uint32_t *on_shift; /* by shift: the best cell so far, or 0; NULL: too many shifts */
	int64_t least_shift, declared_shift;
	bool prefers_late;
};

static size_t width(const struct aligner *aligner)
{
	return aligner->new->count + 1;
}

static struct cell *cell_at(const struct aligner *aligner, size_t i, size_t j)
{
	return &aligner->cells[i * width(aligner) + j];
}

static int64_t shift_of(const struct aligner *aligner, size_t i, size_t j)
{
	return (int64_t)aligner->new->lines[j].line - aligner->old->lines[i].line;
}

static size_t shared(const struct align_line *a, const struct align_line *b)
{
	size_t count = 0;

	for (size_t i = 0, j = 0; i < a->callee_count && j < b->callee_count;) {
		if (a->callees[i] == b->callees[j]) {
			count++;
			i++;
			j++;
		} else if (a->callees[i] < b->callees[j]) {
			i++;
		} else {
			j++;
		}
	}
	return count;
}

/* By products: the average itself would have to be rounded. */
static bool same_size(const struct align_line *a, const struct align_line *b)
{
	return a->allocations && b->allocations &&
	       (unsigned __int128)a->allocated_bytes * b->allocations ==
		       (unsigned __int128)b->allocated_bytes * a->allocations;
}

static bool is_declared(const struct aligner *aligner)
{
	return aligner->old->from_line && aligner->new->from_line;
}

static int score_of(const struct aligner *aligner, size_t i, size_t j)
{
	const struct align_line *a = &aligner->old->lines[i], *b = &aligner->new->lines[j];
	size_t same = shared(a, b), all = a->callee_count + b->callee_count - same;
	int64_t off = shift_of(aligner, i, j) - aligner->declared_shift;
	int score = SCORE_PAIR;

	score += same ? (int)(SCORE_CALLEES * same / all) : SCORE_OTHER_CALLEES;
	score += same_size(a, b) ? SCORE_SAME_SIZE : SCORE_OTHER_SIZE;
	if (!off && is_declared(aligner))
		score += SCORE_DECLARED;
	else if (off >= -NEAR_LINES && off <= NEAR_LINES)
		score += SCORE_NEAR;
	return score;
}

/* Whether `candidate` takes the place of `best`; later ones do so at a tie, too, if asked. */
static bool beats(const struct aligner *aligner, int candidate, int best)
{
	return aligner->prefers_late ? candidate >= best : candidate > best;
}

/* The best alignment that ends with this pair: behind any other, or as a piece that has moved as
 * one. */
static void end_with_pair(const struct aligner *aligner, struct cell *cell, size_t i, size_t j)
{
	int score = score_of(aligner, i - 1, j - 1);
	int64_t shift = shift_of(aligner, i - 1, j - 1);
	uint32_t same = aligner->on_shift ? aligner->on_shift[shift - aligner->least_shift] : 0;

	cell->pair = score + cell_at(aligner, i - 1, j - 1)->best;
	cell->before = BEFORE_ANY;
	if (is_declared(aligner) && shift == aligner->declared_shift &&
	    beats(aligner, score + SCORE_SHIFT, cell->pair)) {
		cell->pair = score + SCORE_SHIFT;
		cell->before = BEFORE_START;
	}
	if (same && beats(aligner, aligner->cells[same].pair + score + SCORE_SHIFT, cell->pair)) {
		cell->pair = aligner->cells[same].pair + score + SCORE_SHIFT;
		cell->before = BEFORE_SAME_SHIFT;
		cell->same_shift = same;
	}
}

static void fill_row(const struct aligner *aligner, size_t i)
{
	for (size_t j = 1; j <= aligner->new->count; j++) {
		struct cell *cell = cell_at(aligner, i, j);
		int above = cell_at(aligner, i - 1, j)->best;
		int left = cell_at(aligner, i, j - 1)->best;

		end_with_pair(aligner, cell, i, j);
		cell->best = above > left ? above : left;
		if (cell->pair > cell->best)
			cell->best = cell->pair;
	}
	for (size_t j = 1; aligner->on_shift && j <= aligner->new->count; j++) {
		uint32_t *on =
			&aligner->on_shift[shift_of(aligner, i - 1, j - 1) - aligner->least_shift];
		uint32_t at = (uint32_t)(i * width(aligner) + j);

		if (!*on || beats(aligner, aligner->cells[at].pair, aligner->cells[*on].pair))
			*on = at;
	}
}

/* Follows the best alignment back from its end. */
static void trace_back(const struct aligner *aligner, size_t *partners)
{
	size_t i = aligner->old->count, j = aligner->new->count;
	bool in_piece = false; /* this cell's pair is taken, whatever else is as good */

	for (size_t k = 0; k < aligner->old->count; k++)
		partners[k] = ALIGN_NONE;
	while (i && j) {
		const struct cell *cell = cell_at(aligner, i, j);
		bool above = cell_at(aligner, i - 1, j)->best == cell->best;
		bool left = cell_at(aligner, i, j - 1)->best == cell->best;
		bool pair = cell->pair == cell->best;

		if (!in_piece && (aligner->prefers_late ? left || (above && !pair) : !pair)) {
			if (aligner->prefers_late ? left : left && !above)
				j--;
			else
				i--;
			continue;
		}
		partners[i - 1] = j - 1;
		in_piece = cell->before == BEFORE_SAME_SHIFT;
		if (cell->before == BEFORE_START)
			return;
		if (!in_piece) {
			i--;
			j--;
			continue;
		}
		i = cell->same_shift / width(aligner);
		j = cell->same_shift % width(aligner);
	}
}

/* How many shifts there can be, from the least on; 0 if they are too many to be kept. */
static size_t shift_count(struct aligner *aligner)
{
	const struct align_function *old = aligner->old, *new = aligner->new;
	int64_t most = (int64_t) new->lines[new->count - 1].line - old->lines[0].line;

	aligner->least_shift = (int64_t) new->lines[0].line - old->lines[old->count - 1].line;
	return most - aligner->least_shift < SHIFTS_MOST ? (size_t)(most - aligner->least_shift + 1)
							 : 0;
}

static void align_once(struct aligner *aligner, size_t *partners)
{
	size_t shifts = shift_count(aligner);

	aligner->cells = xcalloc((aligner->old->count + 1) * width(aligner), sizeof(struct cell));
	aligner->on_shift = shifts ? xcalloc(shifts, sizeof(uint32_t)) : NULL;
	for (size_t i = 1; i <= aligner->old->count; i++)
		fill_row(aligner, i);
	trace_back(aligner, partners);
	free(aligner->on_shift);
	free(aligner->cells);
}

static bool calls_alone(const struct align_function *function, size_t index)
{
	for (size_t i = 0; i < function->count; i++)
		if (i != index && shared(&function->lines[i], &function->lines[index]))
			return false;
	return true;
}

/* What the order of lines alone says may be wrong: where one has been replaced by another. */
static bool is_supported(const struct aligner *aligner, size_t i, size_t j)
{
	const struct align_line *a = &aligner->old->lines[i], *b = &aligner->new->lines[j];

	return shift_of(aligner, i, j) == aligner->declared_shift || same_size(a, b) ||
	       (shared(a, b) && calls_alone(aligner->old, i) && calls_alone(aligner->new, j));
}

static void align_both_ways(struct aligner *aligner, struct align_partner *partners)
{
	size_t count = aligner->old->count;
	size_t *early = xcalloc(count, sizeof(*early)), *late = xcalloc(count, sizeof(*late));

	aligner->prefers_late = false;
	align_once(aligner, early);
	aligner->prefers_late = true;
	align_once(aligner, late);
	for (size_t i = 0; i < count; i++)
		partners[i] = (struct align_partner){
			early[i], early[i] == late[i] && early[i] != ALIGN_NONE &&
					  is_supported(aligner, i, early[i])};
	free(late);
	free(early);
}

/* For functions of very many lines. */
static void align_by_distance(const struct aligner *aligner, struct align_partner *partners)
{
	const struct align_function *old = aligner->old, *new = aligner->new;

	for (size_t i = 0, j = 0; i < old->count; i++) {
		int64_t wanted = old->lines[i].line + aligner->declared_shift;

		while (j < new->count &&new->lines[j].line < wanted)
			j++;
		partners[i] = (struct align_partner){ALIGN_NONE, false};
		if (j < new->count &&new->lines[j].line == wanted)
			partners[i] = (struct align_partner){j, true};
	}
}

void align_lines(const struct align_function *old, const struct align_function *new,
		 struct align_partner *partners)
{
	struct aligner aligner = {.old = old, .new = new};

	for (size_t i = 0; i < old->count; i++)
		partners[i] = (struct align_partner){ALIGN_NONE, false};
	if (!old->count || !new->count)
		return;
	aligner.declared_shift = is_declared(&aligner)
					 ? (int64_t) new->from_line - old->from_line
					 : (int64_t) new->lines[0].line - old->lines[0].line;
	if (old->count + 1 > CELLS_MOST / (new->count + 1))
		align_by_distance(&aligner, partners);
	else
		align_both_ways(&aligner, partners);
}
