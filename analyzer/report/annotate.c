/* SPDX-License-Identifier: MIT */
/* Counts the lines of a file; see annotate.h. */
#include "report/annotate.h"

#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

/* The mark of a place: the line's key and this, or what it is if it is no line to be counted. */
enum mark { MARK_ELSEWHERE = 1, MARK_REST, MARK_SHOWN, MARK_KEYS };

uint32_t *place_mark(struct place_marks *marks, const struct places *places, uint32_t number)
{
	if (number >= marks->count) {
		size_t count = places->count > number ? places->count : number + 1;

		marks->marks = xreallocarray(marks->marks, count, sizeof(*marks->marks));
		memset(marks->marks + marks->count, 0,
		       (count - marks->count) * sizeof(*marks->marks));
		marks->count = count;
	}
	return &marks->marks[number];
}

void annotation_each_place(struct report *report, uint32_t site, bool cumulative,
			   annotation_see *see, void *context)
{
	struct side *side = &report->sides[0];
	const struct profile *profile = &side->profile;
	uint32_t node = profile->sites[site].node;

	if (!cumulative) {
		see(context, site, stacks_place(&side->stacks, node));
		return;
	}
	for (; node; node = profile->nodes[node].parent) {
		uint32_t count;
		const struct frame *frames = stacks_frames(&side->stacks, node, &count);

		for (uint32_t i = 0; i < count; i++)
			if (frames[i].skip != SKIP_SHIM)
				see(context, site, frames[i].place);
	}
}

static void each_place(struct annotation *annotation, annotation_see *see, void *context)
{
	const struct side *side = &annotation->report->sides[0];

	for (uint32_t i = 1; i < side->profile.site_count; i++)
		if (side_takes(side, i))
			annotation_each_place(annotation->report, i,
					      annotation->options->report.cumulative, see, context);
}

/* A source that is newer than a module may have other lines than it. The modules are few, and a
 * stat() is cheap beside their debug information; places of one line share the answer. */
static void check_age(struct annotation *annotation, const char *module_path)
{
	uint64_t source = annotation->source.modified_ns, module;

	if (!source || annotation->age == SOURCE_NEWER_THAN_BINARY || !module_path)
		return;
	module = source_modified_ns(module_path);
	if (!module || source <= module)
		return;
	annotation->age = SOURCE_NEWER_THAN_BINARY;
	annotation->newer_than = module_path;
}

static uint32_t mark_of_line(struct annotation *annotation, uint32_t number)
{
	struct places *places = &annotation->report->places;
	const struct place *place = places_get(places, number);
	struct place line = {.file = annotation->file, .line = place->line};

	if (place->file != annotation->file)
		return MARK_ELSEWHERE;
	if (!annotation_matches(annotation->options, annotation->is_function, place))
		return MARK_REST;
	check_age(annotation, place->module_path);
	return MARK_KEYS + places_intern(places, &line);
}

static void count_line(void *context, uint32_t site, uint32_t place)
{
	struct annotation *annotation = context;
	const struct places *places = &annotation->report->places;
	uint32_t mark = *place_mark(&annotation->marks, places, place);

	if (!mark) {
		mark = mark_of_line(annotation, place);
		*place_mark(&annotation->marks, places, place) = mark;
	}
	if (mark >= MARK_KEYS)
		tally_add(&annotation->tally, mark - MARK_KEYS,
			  &annotation->report->sides[0].profile, site);
}

uint32_t annotation_line(const struct annotation *annotation, const struct row *row)
{
	return places_get(&annotation->report->places, row->key)->line;
}

/* Those without a line come last, and are cut off. */
static int by_line(const void *left, const void *right, void *context)
{
	uint32_t a = annotation_line(context, left) - 1, b = annotation_line(context, right) - 1;

	return a < b ? -1 : a > b;
}

static void sort_lines(struct annotation *annotation)
{
	struct tally *tally = &annotation->tally;

	if (tally->count)
		qsort_r(tally->rows, tally->count, sizeof(*tally->rows), by_line, annotation);
	annotation->row_count = tally->count;
	while (annotation->row_count &&
	       !annotation_line(annotation, &tally->rows[annotation->row_count - 1]))
		annotation->row_count--;
}

const struct row *annotation_row(const struct annotation *annotation, uint32_t line)
{
	size_t low = 0, high = annotation->row_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (annotation_line(annotation, &annotation->tally.rows[middle]) < line)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < annotation->row_count &&
	    annotation_line(annotation, &annotation->tally.rows[low]) == line)
		return &annotation->tally.rows[low];
	return NULL;
}

/* Where a site counts: the most that one of its places says. */
struct share {
	struct annotation *annotation;
	uint32_t best;
};

static void see_share(void *context, uint32_t site, uint32_t place)
{
	struct share *share = context;
	struct annotation *annotation = share->annotation;
	const struct places *places = &annotation->report->places;
	uint32_t mark = *place_mark(&annotation->marks, places, place);

	(void)site;
	if (mark >= MARK_KEYS) {
		uint32_t line = places_get(places, mark - MARK_KEYS)->line;

		mark = annotation_shows(annotation, line) ? MARK_SHOWN : MARK_REST;
	}
	if (mark > share->best)
		share->best = mark;
}

static void add_up(struct annotation *annotation)
{
	const struct side *side = &annotation->report->sides[0];

	for (uint32_t i = 1; i < side->profile.site_count; i++) {
		struct share share = {annotation, MARK_ELSEWHERE};

		if (!side_takes(side, i))
			continue;
		annotation_each_place(annotation->report, i, annotation->options->report.cumulative,
				      see_share, &share);
		row_add_site(share.best == MARK_SHOWN  ? &annotation->shown
			     : share.best == MARK_REST ? &annotation->rest
						       : &annotation->elsewhere,
			     &side->profile.sites[i]);
	}
	for (size_t i = 0; i < annotation->row_count; i++)
		annotation->rest_lines += !annotation_shows(
			annotation, annotation_line(annotation, &annotation->tally.rows[i]));
}

int annotation_build(struct annotation *annotation, struct report *report,
		     const struct annotate_options *options, struct error *err)
{
	uint64_t started = report->sides[0].profile.process.start_unix_ns;

	*annotation = (struct annotation){.report = report, .options = options};
	if (annotation_choose(annotation, err) < 0)
		return -1;
	source_open(&annotation->source, annotation->file, &options->source_paths);
	each_place(annotation, count_line, annotation);
	if (!annotation->age && started && annotation->source.modified_ns > started)
		annotation->age = SOURCE_NEWER_THAN_RUN;
	annotation_choose_ranges(annotation);
	sort_lines(annotation);
	add_up(annotation);
	return 0;
}

void annotation_release(struct annotation *annotation)
{
	tally_release(&annotation->tally);
	free(annotation->ranges);
	free(annotation->marks.marks);
	source_release(&annotation->source);
	*annotation = (struct annotation){0};
}
