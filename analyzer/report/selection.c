/* SPDX-License-Identifier: MIT */
/* Which sites are meant; see selection.h. */
#include "report/selection.h"

#include <stdlib.h>
#include <string.h>

#include "model/split.h"
#include "util/memory.h"

enum match {
	MATCH_KNOWN = 1, /* the others have been found out */
	MATCH_INCLUDED = 2,
	MATCH_EXCLUDED = 4,
};

/* What has been found out so far. A place or a node is matched once, however many sites it has. */
struct pass {
	struct selection *selection;
	struct stacks *stacks;
	uint8_t *of_place; /* enum match, by the place's number */
	size_t place_count;
	uint8_t *of_node;     /* all of a stack's frames taken together; only for --all-frames */
	uint32_t *suppressed; /* per node: the rule, from 1; only if there are rules */
};

static int read_threads(struct selection *selection, struct error *err)
{
	const struct option_list *threads = &selection->threads;

	selection->thread_numbers = xcalloc(threads->count, sizeof(uint64_t));
	for (size_t i = 0; i < threads->count; i++)
		if (human_parse_count("--thread", threads->values[i], &selection->thread_numbers[i],
				      err) < 0)
			return -1;
	return 0;
}

int selection_prepare(struct selection *selection, struct error *err)
{
	const struct option_list *files = &selection->suppression_files;

	if (read_threads(selection, err) < 0)
		return -1;
	for (size_t i = 0; i < files->count; i++)
		if (suppressions_read(&selection->suppressions, files->values[i], err) < 0)
			return -1;
	return 0;
}

void selection_release(struct selection *selection)
{
	suppressions_release(&selection->suppressions);
	free(selection->thread_numbers);
	option_list_release(&selection->domains);
	option_list_release(&selection->threads);
	option_list_release(&selection->skipped);
	option_list_release(&selection->included);
	option_list_release(&selection->excluded);
	option_list_release(&selection->suppression_files);
}

bool selection_has_domain(const struct selection *selection, const struct profile *profile,
			  uint32_t domain)
{
	const struct option_list *names = &selection->domains;

	if (!names->count)
		return profile->domains[domain].kind == HEAPMARK_KIND_ASKED;
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->values[i], profile->domains[domain].name) == 0)
			return true;
	return false;
}

static bool has_thread(const struct selection *selection, const struct profile *profile,
		       const struct site *site)
{
	const struct option_list *threads = &selection->threads;
	uint64_t number, tid;

	if (!threads->count)
		return true;
	if (!split_thread(split_of(profile, site, HEAPMARK_SPLIT_THREAD), &number, &tid))
		return false;
	for (size_t i = 0; i < threads->count; i++)
		if (selection->thread_numbers[i] == number)
			return true;
	return false;
}

static bool any_matches(const struct option_list *patterns, const struct place *place)
{
	const char *name = place->function ? place->function : place_marker_text(place);

	for (size_t i = 0; i < patterns->count; i++)
		if ((name && glob_match(patterns->values[i], name)) ||
		    path_tail_matches(patterns->values[i], place->file) ||
		    path_tail_matches(patterns->values[i], place->module_path))
			return true;
	return false;
}

static uint8_t match_place(struct pass *pass, uint32_t number)
{
	const struct places *places = pass->stacks->places;
	const struct place *place = places_get(places, number);
	uint8_t match = MATCH_KNOWN;

	if (number >= pass->place_count) {
		size_t count = places->count > number ? places->count : number + 1;

		pass->of_place = xreallocarray(pass->of_place, count, 1);
		memset(pass->of_place + pass->place_count, 0, count - pass->place_count);
		pass->place_count = count;
	}
	if (pass->of_place[number])
		return pass->of_place[number];
	if (any_matches(&pass->selection->included, place))
		match |= MATCH_INCLUDED;
	if (any_matches(&pass->selection->excluded, place))
		match |= MATCH_EXCLUDED;
	return pass->of_place[number] = match;
}

/* What a node's own frames match, besides those of its callers. */
static void match_frames(struct pass *pass, uint32_t node)
{
	uint32_t count;
	const struct frame *frames = stacks_frames(pass->stacks, node, &count);

	for (uint32_t i = 0; i < count; i++) {
		const struct place *place = places_get(pass->stacks->places, frames[i].place);

		if (frames[i].skip == SKIP_SHIM)
			continue;
		if (pass->of_node)
			pass->of_node[node] |= match_place(pass, frames[i].place);
		if (pass->suppressed && !pass->suppressed[node])
			pass->suppressed[node] =
				suppressions_match(&pass->selection->suppressions, place);
	}
}

/* Parents have smaller numbers than their children, so one pass in order reaches all. */
static void match_stacks(struct pass *pass)
{
	const struct profile *profile = pass->stacks->profile;
	const struct selection *selection = pass->selection;

	if (selection->all_frames && (selection->included.count || selection->excluded.count))
		pass->of_node = xcalloc(profile->node_count, 1);
	if (selection->suppressions.count)
		pass->suppressed = xcalloc(profile->node_count, sizeof(*pass->suppressed));
	if (!pass->of_node && !pass->suppressed)
		return;
	for (uint32_t node = 1; node < profile->node_count; node++) {
		uint32_t parent = profile->nodes[node].parent;

		if (pass->of_node)
			pass->of_node[node] = pass->of_node[parent];
		if (pass->suppressed)
			pass->suppressed[node] = pass->suppressed[parent];
		match_frames(pass, node);
	}
}

static enum verdict judge(struct pass *pass, const struct site *site)
{
	struct selection *selection = pass->selection;
	uint8_t match = 0;

	if (!selection_has_domain(selection, pass->stacks->profile, site->domain) ||
	    !has_thread(selection, pass->stacks->profile, site))
		return VERDICT_LEFT_OUT;
	if (pass->of_node)
		match = pass->of_node[site->node];
	else if (selection->included.count || selection->excluded.count)
		match = match_place(pass, stacks_place(pass->stacks, site->node));
	if (match & MATCH_EXCLUDED || (selection->included.count && !(match & MATCH_INCLUDED)))
		return VERDICT_LEFT_OUT;
	if (!pass->suppressed || !pass->suppressed[site->node])
		return VERDICT_TAKEN;
	selection->suppressions.rules[pass->suppressed[site->node] - 1].used = true;
	return VERDICT_SUPPRESSED;
}

uint8_t *selection_apply(struct selection *selection, struct stacks *stacks)
{
	const struct profile *profile = stacks->profile;
	struct pass pass = {.selection = selection, .stacks = stacks};
	uint8_t *verdicts = xcalloc(profile->site_count, 1);

	match_stacks(&pass);
	for (size_t i = 1; i < profile->site_count; i++)
		verdicts[i] = (uint8_t)judge(&pass, &profile->sites[i]);
	free(pass.of_place);
	free(pass.of_node);
	free(pass.suppressed);
	return verdicts;
}
