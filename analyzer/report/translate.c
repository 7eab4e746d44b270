/* SPDX-License-Identifier: MIT */
/* From the modules to the lines; see translate.h. */
#include "report/translate.h"

#include <stdlib.h>
#include <string.h>

#include "model/align.h"
#include "model/candidates.h"
#include "util/memory.h"

struct translator {
	struct report *report;
	struct calls old, new;
	uint32_t *partners; /* as pair_functions() says */
	uint8_t *pairings;
};

static const struct place *place_of(const struct translator *t, uint32_t number)
{
	return places_get(&t->report->places, number);
}

/* The build that an old place is in; NULL if it is in none, or has no counterpart. */
static const struct build *build_of(const struct translator *t, uint32_t number)
{
	const struct place *place = place_of(t, number);
	const struct build *build =
		place->module ? builds_get(&t->report->builds, place->module) : NULL;

	return build && build->new_name ? build : NULL;
}

/* The same build by another name: all is where it was. */
static void rename_place(struct translator *t, uint32_t number, const struct build *build)
{
	struct place place = *place_of(t, number);

	place.module = build->new_name;
	place.module_path = build->new_path;
	translation_set(&t->report->translation, number, places_intern(&t->report->places, &place),
			PAIRING_MOVED);
}

static void leave_calls(struct translator *t, const struct caller *caller)
{
	for (size_t i = 0; i < caller->count; i++)
		translation_leave(&t->report->translation, &t->report->places,
				  t->old.items[caller->first + i].place);
}

/* Functions first: the lines are paired by the functions they call, too. */
static void translate_functions(struct translator *t)
{
	struct translation *translation = &t->report->translation;

	for (size_t i = 0; i < t->old.caller_count; i++) {
		const struct caller *caller = &t->old.callers[i];
		const struct build *build = build_of(t, caller->function);

		if (!build || (build->is_same && build->new_name == build->name))
			continue;
		if (build->is_same) {
			for (size_t j = 0; j < caller->count; j++)
				rename_place(t, t->old.items[caller->first + j].place, build);
			rename_place(t, caller->function, build);
		} else if (t->partners[i]) {
			translation_set(translation, caller->function,
					t->new.callers[t->partners[i] - 1].function,
					(enum pairing)t->pairings[i]);
		} else {
			leave_calls(t, caller);
			translation_leave(translation, &t->report->places, caller->function);
		}
	}
}

/* A caller's lines, as align_lines() wants them. */
struct lines {
	struct align_line *items;
	uint32_t *places, *callees;
	size_t count;
};

static int by_number(const void *left, const void *right)
{
	uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;

	return a < b ? -1 : a > b;
}

/* `translation` makes the numbers of what is called those of the new build. */
static struct lines lines_of(const struct call *calls, size_t count,
			     const struct translation *translation)
{
	struct lines lines = {xcalloc(count, sizeof(*lines.items)),
			      xcalloc(count, sizeof(uint32_t)), xcalloc(count, sizeof(uint32_t)),
			      0};

	for (size_t i = 0; i < count; i++) {
		struct align_line *line;

		lines.callees[i] = translation_place(translation, calls[i].callee);
		if (!i || calls[i].line != calls[i - 1].line) {
			lines.places[lines.count] = calls[i].place;
			lines.items[lines.count++] =
				(struct align_line){calls[i].line, &lines.callees[i], 0, 0, 0};
		}
		line = &lines.items[lines.count - 1];
		line->callee_count++;
		line->allocations += calls[i].allocations;
		line->allocated_bytes += calls[i].allocated_bytes;
	}
	for (size_t i = 0; i < lines.count; i++)
		qsort((uint32_t *)lines.items[i].callees, lines.items[i].callee_count,
		      sizeof(uint32_t), by_number);
	return lines;
}

static void lines_release(struct lines *lines)
{
	free(lines->items);
	free(lines->places);
	free(lines->callees);
}

static enum pairing pairing_of_line(uint32_t old, uint32_t new, bool is_sure,
				    enum pairing of_function)
{
	if (!is_sure || of_function == PAIRING_SIMILAR)
		return PAIRING_SIMILAR;
	return old == new ? PAIRING_EXACT : PAIRING_MOVED;
}

static void translate_lines(struct translator *t, size_t index)
{
	const struct caller *before = &t->old.callers[index];
	const struct caller *after = &t->new.callers[t->partners[index] - 1];
	struct translation *translation = &t->report->translation;
	struct lines old = lines_of(&t->old.items[before->first], before->count, translation);
	struct lines new = lines_of(&t->new.items[after->first], after->count, &translation_none);
	const struct align_function old_function = {old.items, old.count, before->from_line};
	const struct align_function new_function = {new.items, new.count, after->from_line};
	struct align_partner *partners = xcalloc(old.count, sizeof(*partners));

	align_lines(&old_function, &new_function, partners);
	for (size_t i = 0; i < old.count; i++) {
		size_t j = partners[i].index;

		if (j == ALIGN_NONE)
			translation_leave(translation, &t->report->places, old.places[i]);
		else
			translation_set(translation, old.places[i], new.places[j],
					pairing_of_line(old.places[i], new.places[j],
							partners[i].is_sure,
							(enum pairing)t->pairings[index]));
	}
	free(partners);
	lines_release(&new);
	lines_release(&old);
}

/* Which places that a coarser grouping makes of functions stay what they are: those that both have.
 * By number, for the caller to free. */
static bool *kept_places(struct translator *t, enum group group)
{
	struct places *places = &t->report->places;
	size_t count = t->old.caller_count + t->new.caller_count;
	bool *kept, *is_new;

	for (size_t i = 0; i < count; i++) /* make all that there will be */
		places_coarsen(places,
			       i < t->old.caller_count
				       ? t->old.callers[i].function
				       : t->new.callers[i - t->old.caller_count].function,
			       group);
	kept = xcalloc(places->count + 1, sizeof(*kept));
	is_new = xcalloc(places->count + 1, sizeof(*is_new));
	for (size_t i = 0; i < t->new.caller_count; i++)
		is_new[places_coarsen(places, t->new.callers[i].function, group)] = true;
	for (size_t i = 0; i < t->old.caller_count; i++) {
		uint32_t number = places_coarsen(places, t->old.callers[i].function, group);

		kept[number] = is_new[number];
	}
	free(is_new);
	return kept;
}

static int by_ends(const void *left, const void *right)
{
	const struct candidate *a = left, *b = right;

	if (a->old != b->old)
		return a->old < b->old ? -1 : 1;
	return a->new < b->new ? -1 : a->new > b->new;
}

/* Equal ones become one, which scores the sum. */
static void add_up(struct candidates *votes)
{
	size_t kept = 0;

	if (votes->count)
		qsort(votes->items, votes->count, sizeof(*votes->items), by_ends);
	for (size_t i = 0; i < votes->count; i++) {
		if (kept && by_ends(&votes->items[kept - 1], &votes->items[i]) == 0)
			votes->items[kept - 1].score += votes->items[i].score;
		else
			votes->items[kept++] = votes->items[i];
	}
	votes->count = kept;
}

/* Files and modules become what most of their functions say. */
static void translate_coarse(struct translator *t, enum group group)
{
	struct places *places = &t->report->places;
	struct candidates votes = CANDIDATES_INIT;
	bool *kept = kept_places(t, group);
	uint32_t count = places->count, *partners;

	for (size_t i = 0; i < t->old.caller_count; i++) {
		uint32_t function = t->old.callers[i].function;
		uint32_t new_function = translation_place(&t->report->translation, function);
		uint32_t old, new;

		if (new_function == function || place_of(t, new_function)->is_left)
			continue;
		old = places_coarsen(places, function, group);
		new = places_coarsen(places, new_function, group);
		if (old != new &&new < count && !kept[old] && !kept[new])
			candidates_add(&votes, old, new, 1);
	}
	add_up(&votes);
	partners = candidates_choose(&votes, count, count);
	for (uint32_t i = 0; i < count; i++)
		if (partners[i])
			translation_set(&t->report->translation, i, partners[i] - 1, PAIRING_MOVED);
	free(partners);
	free(kept);
	candidates_release(&votes);
}

void translate(struct report *report)
{
	struct translator t = {.report = report};

	calls_find(&t.new, report, &report->sides[1]); /* the newest first, as for places */
	calls_find(&t.old, report, &report->sides[0]);
	t.partners = pair_functions(report, &t.old, &t.new, &t.pairings);
	translate_functions(&t);
	for (size_t i = 0; i < t.old.caller_count; i++)
		if (t.partners[i])
			translate_lines(&t, i);
	translate_coarse(&t, GROUP_FILE);
	translate_coarse(&t, GROUP_MODULE);
	free(t.partners);
	free(t.pairings);
	calls_release(&t.old);
	calls_release(&t.new);
}
