/* SPDX-License-Identifier: MIT */
/* Which file is meant: what annotation_choose() does, and what it says if that is not clear. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/annotate.h"
#include "report/near.h"
#include "report/sort.h"
#include "symbol/source_path.h"
#include "util/memory.h"
#include "util/utf8.h"

#define LISTED 4 /* files that a sentence names */

enum { NOT_MEANT = 1, MEANT }; /* marks of places: MEANT and the key of the file */

/* A search for the files of what is meant. */
struct search {
	struct annotation *annotation;
	bool is_function;
	struct place_marks marks;
	struct tally files;
	const struct place *without_file; /* meant, but there is no debug information */
};

/* As somebody may write a file that is here: ./src/parse.c, ../lib/parse.c. */
static bool is_path_from_here(const char *what, const char *file)
{
	char *directory, *path;
	bool same;

	if (strncmp(what, "./", 2) != 0 && strncmp(what, "../", 3) != 0)
		return false;
	directory = get_current_dir_name();
	path = source_path(directory, what);
	same = strcmp(path, file) == 0;
	free(directory);
	free(path);
	return same;
}

bool annotation_matches(const struct annotate_options *options, bool is_function,
			const struct place *place)
{
	if (is_function)
		return place->function && glob_match(options->what, place->function);
	return place->file && (!options->what || path_tail_matches(options->what, place->file) ||
			       is_path_from_here(options->what, place->file));
}

static uint32_t judge(struct search *search, uint32_t number)
{
	struct places *places = &search->annotation->report->places;
	const struct place *place = places_get(places, number);
	struct place file = {.file = place->file};

	if (!annotation_matches(search->annotation->options, search->is_function, place))
		return NOT_MEANT;
	if (!place->file) {
		search->without_file = place;
		return NOT_MEANT;
	}
	return MEANT + places_intern(places, &file);
}

static void see_file(void *context, uint32_t site, uint32_t place)
{
	struct search *search = context;
	const struct report *report = search->annotation->report;
	uint32_t mark = *place_mark(&search->marks, &report->places, place);

	if (!mark) {
		mark = judge(search, place);
		*place_mark(&search->marks, &report->places, place) = mark;
	}
	if (mark >= MEANT)
		tally_add(&search->files, mark - MEANT, &report->sides[0].profile, site);
}

/* Fills `files`, the hottest first. */
static void find_files(struct search *search, bool is_function, bool cumulative)
{
	struct report *report = search->annotation->report;
	const struct side *side = &report->sides[0];

	free(search->marks.marks);
	search->marks = (struct place_marks){0};
	search->is_function = is_function;
	for (uint32_t i = 1; i < side->profile.site_count; i++)
		if (side_takes(side, i))
			annotation_each_place(report, i, cumulative, see_file, search);
	if (search->files.count)
		qsort_r(search->files.rows, search->files.count, sizeof(*search->files.rows),
			sort_compare_rows, report);
}

static const char *file_at(const struct search *search, size_t index)
{
	return places_get(&search->annotation->report->places, search->files.rows[index].key)->file;
}

/* "a.c, b.c and 3 more", printable. */
static char *list(const char *const *names, size_t count, size_t all)
{
	char *text = xstrdup("");

	for (size_t i = 0; i < count; i++) {
		char *name = utf8_printable(names[i]), *longer;

		longer = xasprintf("%s%s%.160s", text, i ? ", " : "", name);
		free(name);
		free(text);
		text = longer;
	}
	if (all > count) {
		char *longer = xasprintf("%s and %zu more", text, all - count);

		free(text);
		text = longer;
	}
	return text;
}

static char *list_files(const struct search *search)
{
	const char *names[LISTED];
	size_t count = 0;

	while (count < LISTED && count < search->files.count) {
		names[count] = file_at(search, count);
		count++;
	}
	return list(names, count, search->files.count);
}

static int several(const struct search *search, struct error *err)
{
	char *files = list_files(search), *what = utf8_printable(search->annotation->options->what);

	error_set(err, "'%.100s' %s %zu files: %s; %s", what,
		  search->is_function ? "has lines in" : "means", search->files.count, files,
		  search->is_function ? "give one of them, or a longer name"
				      : "give more of the path");
	free(files);
	free(what);
	return -1;
}

static void see_name(void *context, uint32_t site, uint32_t number)
{
	struct search *search = ((void **)context)[0];
	struct near *near = ((void **)context)[1];
	const struct places *places = &search->annotation->report->places;
	uint32_t *mark = place_mark(&search->marks, places, number);

	(void)site;
	if (*mark)
		return;
	*mark = NOT_MEANT;
	if (places_get(places, number)->file)
		near_consider(near, places_get(places, number)->file);
	if (places_get(places, number)->function)
		near_consider(near, places_get(places, number)->function);
}

/* What is like it, else the files that hold most. */
static int unknown(struct search *search, struct error *err)
{
	struct report *report = search->annotation->report;
	struct near near = NEAR_INIT(search->annotation->options->what);
	void *context[] = {search, &near};
	const struct side *side = &report->sides[0];
	char *what = utf8_printable(near.wanted), *names;

	free(search->marks.marks);
	search->marks = (struct place_marks){0};
	for (uint32_t i = 1; i < side->profile.site_count; i++)
		if (side_takes(side, i))
			annotation_each_place(report, i, true, see_name, context);
	names = list(near.names, near.count, near.count);
	error_set(err, "no file or function '%.100s' holds memory in %.200s%s%s%s", what,
		  side->profile.path, near.count ? "; did you mean " : "", names,
		  near.count ? "?" : "; see 'heapmark report --group-by file'");
	free(names);
	free(what);
	return -1;
}

/* Nothing holds memory at the place that is meant: perhaps something below it does. */
static int nothing(struct search *search, struct error *err)
{
	const struct annotate_options *options = search->annotation->options;

	for (int is_function = 0; is_function < 2 && !options->report.cumulative; is_function++) {
		find_files(search, is_function, true);
		if (search->files.count)
			return error_set(err,
					 "'%.100s' is on call stacks, but allocates nothing "
					 "itself; --cumulative shows what is allocated below it",
					 options->what);
	}
	if (search->without_file)
		return error_set(err,
				 "'%.100s' is in %.200s, of which there is no debug info, so its "
				 "lines are unknown",
				 options->what,
				 search->without_file->module ? search->without_file->module
							      : "no module");
	return unknown(search, err);
}

static int choose(struct search *search, struct error *err)
{
	struct annotation *annotation = search->annotation;
	const struct annotate_options *options = annotation->options;
	bool cumulative = options->report.cumulative;

	find_files(search, false, cumulative);
	if (!search->files.count && !options->what)
		return error_set(err,
				 "%.300s has no memory of which a source file is known (debug "
				 "info is missing, or nothing is selected); see 'heapmark report'",
				 annotation->report->sides[0].profile.path);
	if (!search->files.count)
		find_files(search, true, cumulative);
	if (!search->files.count)
		return nothing(search, err);
	if (search->files.count > 1 && options->what)
		return several(search, err);
	annotation->file = file_at(search, 0);
	annotation->is_function = search->is_function;
	return 0;
}

int annotation_choose(struct annotation *annotation, struct error *err)
{
	struct search search = {.annotation = annotation};
	int ret = choose(&search, err);

	free(search.marks.marks);
	tally_release(&search.files);
	return ret;
}
