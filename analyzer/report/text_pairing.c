/* SPDX-License-Identifier: MIT */
/* Pairs of rows in words; see text_pairing.h. */
#include "report/text_pairing.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "report/pair.h"
#include "report/place_text.h"
#include "report/text_head.h"
#include "util/human.h"
#include "util/memory.h"
#include "util/strings.h"

#define NAMES_MOST 4 /* of modules */

/* Whether only the line tells them apart, or the directory, which is another everywhere. The texts
 * of places are interned. */
static bool differ_by_line(const struct place *old, const struct place *new)
{
	return old->file && new->file &&
	       old->function ==
		       new->function &&strcmp(path_base(old->file), path_base(new->file)) == 0;
}

static const struct place *place_of_new(struct report *report, const struct change *change)
{
	struct side *side = &report->sides[1];

	if (report->options->group != GROUP_STACK)
		return places_get(&report->places, change->new->key);
	return places_get(&report->places, stacks_place(&side->stacks, change->new->node));
}

char *text_old_place(struct report *report, const struct change *change)
{
	const char *word = change->pairing == PAIRING_SIMILAR ? "like" : "was";
	const struct place *old, *new;
	char *place, *text;

	if (change->pairing != PAIRING_MOVED && change->pairing != PAIRING_SIMILAR)
		return NULL;
	old = pair_old_place(report, change);
	new = place_of_new(report, change);
	if (differ_by_line(old, new) && old->line == new->line)
		return change->pairing == PAIRING_SIMILAR ? xstrdup("like the old") : NULL;
	if (differ_by_line(old, new) && old->line && new->line)
		return xasprintf("%s line %" PRIu32, word, old->line);
	place = place_text(old, report->sides[0].profile.process.directory, 0);
	text = xasprintf("%s %s", word, place);
	free(place);
	return text;
}

/* "app, libfoo.so.1 and 2 more modules" */
static void module_names(const struct builds *builds, struct out *out)
{
	size_t count = 0;

	for (size_t i = 0; i < builds->count; i++) {
		const struct build *build = &builds->items[i];

		if (!build->new_name || (build->is_same && build->new_name == build->name))
			continue;
		if (count++ >= NAMES_MOST)
			continue;
		out_text(out, count > 1 ? ", " : "");
		text_printable(out, build->name);
	}
	if (count > NAMES_MOST)
		out_printf(out, " and %zu more modules", count - NAMES_MOST);
}

static void sum_line(struct out *out, const struct pairing_sum *sum, enum pairing pairing)
{
	static const char *const words[PAIRING_KINDS] = {
		[PAIRING_EXACT] = "paired as they are",   [PAIRING_MOVED] = "paired by moved lines",
		[PAIRING_SIMILAR] = "paired by likeness", [PAIRING_OLD_ONLY] = "not paired, old",
		[PAIRING_NEW_ONLY] = "not paired, new",
	};
	char rows[HUMAN_BYTES], old[HUMAN_BYTES], new[HUMAN_BYTES];

	if (!sum->rows)
		return;
	out_printf(out, "  %-22s %13s ", words[pairing], human_items(rows, sum->rows, "row"));
	out_printf(out, "%11s %11s\n",
		   pairing == PAIRING_NEW_ONLY ? "" : human_size(old, sum->old_bytes),
		   pairing == PAIRING_OLD_ONLY ? "" : human_size(new, sum->new_bytes));
}

/* Where an --map changed nothing, a typing error is near. */
static void map_notes(const struct path_map *map, struct out *out)
{
	for (size_t i = 0; i < map->asked.count; i++) {
		if (map->used && map->used[i])
			continue;
		out_text(out, "note: no path of the old trace is that of --map ");
		text_printable(out, map->asked.values[i]);
		out_text(out, "\n");
	}
}

void text_pairing(const struct report *report, struct out *out)
{
	struct pairing_sum sums[PAIRING_KINDS];

	if (!pairs_builds(report)) {
		if (report->options->map.asked.count)
			out_text(out,
				 "\nnote: --map changed nothing: no module of the old trace is "
				 "of another build in the new one\n");
		return;
	}
	out_text(out, "\nother builds: ");
	module_names(&report->builds, out);
	out_printf(out, "\n%39s%11s %11s\n", "", "old", "new");
	pair_sums(report, sums);
	for (unsigned i = 0; i < PAIRING_KINDS; i++)
		sum_line(out, &sums[i], (enum pairing)i);
	map_notes(&report->options->map, out);
}
