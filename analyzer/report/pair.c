/* SPDX-License-Identifier: MIT */
/* Both sides of a diff together; see pair.h. */
#include "report/pair.h"
#include "model/estimate.h"

#include <stdlib.h>
#include <string.h>

#include "report/translate.h"
#include "util/memory.h"

bool pairs_builds(const struct report *report)
{
	return report->builds.differ;
}

void pair_places(struct report *report)
{
	if (report->options->exact)
		return;
	builds_find(&report->builds, &report->sides[0].profile, &report->sides[1].profile,
		    &report->options->map, &report->places.strings);
	if (!pairs_builds(report) || report->options->group >= GROUP_DOMAIN)
		return;
	translate(report);
	report->sides[0].stacks.translation = &report->translation;
	report->sides[1].stacks.translation = &translation_none;
}

/* The least sure of a call stack's frames. */
static enum pairing pairing_of_stack(struct report *report, uint32_t node)
{
	struct side *side = &report->sides[0];
	enum pairing least = PAIRING_EXACT;

	for (; node; node = side->profile.nodes[node].parent) {
		uint32_t count;
		const struct frame *frames = stacks_frames(&side->stacks, node, &count);

		for (uint32_t i = 0; i < count; i++) {
			enum pairing pairing =
				translation_pairing(&report->translation, frames[i].place);

			least = pairing > least ? pairing : least;
		}
	}
	return least;
}

/* Whether a row is a few call stacks, and so can be like another. */
static bool has_stacks(const struct report *report)
{
	int group = report->options->group;

	return pairs_builds(report) && !report->options->cumulative &&
	       (group == GROUP_LINE || group == GROUP_FUNCTION || group == GROUP_STACK);
}

bool pair_likes(struct report *report)
{
	if (has_stacks(report))
		report->sides[0].likened = pair_similar(report);
	return report->sides[0].likened != NULL;
}

static bool is_likened(struct side *side, const struct row *row)
{
	return side->likened && side->likened[stacks_path(&side->stacks, row->node)];
}

/* By key: whether something in the row is only like what was there. The caller frees the array. */
static bool *similar_rows(const struct report *report)
{
	const struct side *side = &report->sides[0];
	bool *similar =
		xcalloc((size_t)report->places.count + report->paths.count + 1, sizeof(*similar));

	for (size_t i = 0; side->likened && i < report->paths.count; i++)
		if (side->likened[i])
			similar[side->likened[i] - 1] = true;
	return similar;
}

static enum pairing pairing_of_row(struct report *report, const struct row *old)
{
	if (report->options->group == GROUP_STACK)
		return pairing_of_stack(report, old->node);
	return translation_pairing(&report->translation,
				   translation_origin(&report->translation, old->key));
}

/* Maps and arenas are in no sample, but known exactly. */
static bool is_sampled_row(const struct side *side, const struct row *row)
{
	const struct profile *profile = &side->profile;

	return row->last_site &&
	       profile->domains[profile->sites[row->last_site].domain].kind == HEAPMARK_KIND_ASKED;
}

/* A row that one side's sample shows nothing of, while the other side has it. */
static double unseen(const struct report *report, const struct change *change)
{
	const struct row *rows[] = {change->old, change->new};
	double variance = 0;

	for (unsigned i = 0; i < 2; i++) {
		const struct side *side = &report->sides[i], *other = &report->sides[1 - i];

		if (profile_is_sampled(&side->profile) && !rows[i]->bytes && !rows[i]->variance &&
		    is_sampled_row(rows[1 - i]->last_site ? other : side,
				   rows[1 - i]->last_site ? rows[1 - i] : rows[i]))
			variance += estimate_unseen(side->profile.sample_bytes);
	}
	return variance;
}

void pair_rows(struct report *report)
{
	bool *similar = similar_rows(report);

	report->changes = changes_between(&report->sides[0].tally, &report->sides[1].tally,
					  &report->change_count);
	for (size_t i = 0; i < report->change_count; i++)
		report->changes[i].unseen = unseen(report, &report->changes[i]);
	for (size_t i = 0; pairs_builds(report) && i < report->change_count; i++) {
		struct change *change = &report->changes[i];

		if (change->pairing != PAIRING_EXACT)
			continue;
		change->pairing = similar[change->old->key] ? PAIRING_SIMILAR
							    : pairing_of_row(report, change->old);
	}
	free(similar);
}

const struct place *pair_old_place(struct report *report, const struct change *change)
{
	struct side *side = &report->sides[0];
	enum group group = (enum group)report->options->group;
	uint32_t place;

	if (group != GROUP_STACK && !is_likened(side, change->old))
		return places_get(&report->places,
				  translation_origin(&report->translation, change->old->key));
	place = stacks_place(&side->stacks, change->old->node);
	if (group != GROUP_STACK)
		place = places_coarsen(&report->places, place, group);
	return places_get(&report->places, place);
}

void pair_sums(const struct report *report, struct pairing_sum sums[static PAIRING_KINDS])
{
	memset(sums, 0, PAIRING_KINDS * sizeof(*sums));
	for (size_t i = 0; i < report->change_count; i++) {
		const struct change *change = &report->changes[i];
		struct pairing_sum *sum = &sums[change->pairing];

		if (!change->old->blocks && !change->new->blocks)
			continue;
		sum->rows++;
		sum->old_bytes += change->old->bytes;
		sum->new_bytes += change->new->bytes;
	}
}
