/* SPDX-License-Identifier: MIT */
/* Builds the rows of a report or diff; see report.h. */
#include "report/report.h"

#include <stdlib.h>
#include <string.h>

#include "load.h"
#include "model/split.h"
#include "report/pair.h"
#include "report/sort.h"
#include "traces.h"

const char *const report_group_names[] = {
	[GROUP_LINE] = "line",     [GROUP_FUNCTION] = "function", [GROUP_FILE] = "file",
	[GROUP_MODULE] = "module", [GROUP_STACK] = "stack",       [GROUP_DOMAIN] = "domain",
	[GROUP_SIZE] = "size",     [GROUP_THREAD] = "thread",     [GROUP_COUNT] = NULL,
};

void report_init(struct report *report, struct report_options *options)
{
	*report = (struct report){.options = options, .symbolizer = symbolizer_new()};
	symbolizer_use_cache(report->symbolizer);
	places_init(&report->places);
}

void report_release(struct report *report)
{
	for (unsigned i = 0; i < report->side_count; i++) {
		free(report->sides[i].verdicts);
		free(report->sides[i].likened);
		tally_release(&report->sides[i].tally);
		stacks_release(&report->sides[i].stacks);
		profile_release(&report->sides[i].profile);
	}
	free(report->changes);
	builds_release(&report->builds);
	translation_release(&report->translation);
	pairs_release(&report->paths);
	places_release(&report->places);
	symbolizer_free(report->symbolizer);
	selection_release(&report->options->selection);
	path_map_release(&report->options->map);
}

int report_load(struct report *report, const char *trace, const char *default_when,
		struct error *err)
{
	struct side *side = &report->sides[report->side_count++];

	profile_init(&side->profile);
	side->profile.counts_to_moment = report->options->is_diff;
	if (traces_load(&side->profile, trace, default_when, &report->options->selection.window,
			err) < 0)
		return -1;
	if (!side->profile.snapshot_count)
		return error_set(err,
				 "%s has no snapshot, so there is nothing to report: the program "
				 "is still running, was killed before the first, or could not be "
				 "recorded (then it ran on unobserved)",
				 side->profile.path);
	return 0;
}

bool report_is_sampled(const struct report *report)
{
	for (unsigned i = 0; i < report->side_count; i++)
		if (profile_is_sampled(&report->sides[i].profile))
			return true;
	return false;
}

bool side_takes(const struct side *side, size_t index)
{
	return side->verdicts[index] == VERDICT_TAKEN;
}

static bool knows_domain(const struct report *report, const char *name)
{
	for (unsigned i = 0; i < report->side_count; i++) {
		const struct profile *profile = &report->sides[i].profile;

		for (size_t j = 0; j < profile->domain_count; j++)
			if (profile->domains[j].name && strcmp(profile->domains[j].name, name) == 0)
				return true;
	}
	return false;
}

static int no_domain(const struct profile *profile, const char *name, struct error *err)
{
	char names[512] = "";
	size_t used = 0;

	for (size_t i = 0; i < profile->domain_count && used < sizeof(names); i++)
		if (profile->domains[i].name)
			used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s",
						 used ? ", " : "", profile->domains[i].name);
	return error_set(err, "%s has no domain '%.60s'; it has %s", profile->path, name, names);
}

/* Whether what is asked for is in the traces. */
static int check_split(const struct report *report, enum heapmark_split kind, const char *name,
		       struct error *err)
{
	for (unsigned i = 0; i < report->side_count; i++)
		if (!split_is_known(&report->sides[i].profile, kind))
			return error_set(err,
					 "%s does not tell blocks apart by %s; record again with "
					 "--split %s (or both)",
					 report->sides[i].profile.path, name, name);
	return 0;
}

static int check_splits(const struct report *report, struct error *err)
{
	const struct report_options *options = report->options;
	bool thread = options->group == GROUP_THREAD || options->selection.threads.count;

	if (options->group == GROUP_SIZE &&
	    check_split(report, HEAPMARK_SPLIT_SIZE, "size", err) < 0)
		return -1;
	return thread ? check_split(report, HEAPMARK_SPLIT_THREAD, "thread", err) : 0;
}

static int check_options(const struct report *report, struct error *err)
{
	const struct report_options *options = report->options;
	const struct option_list *domains = &options->selection.domains;

	if (options->cumulative && options->group >= GROUP_STACK)
		return error_set(err,
				 "--cumulative counts the lines of each stack, so it does not go "
				 "with --group-by %s",
				 report_group_names[options->group]);
	if (path_map_check(&options->map, err) < 0)
		return -1;
	if (options->exact && options->map.asked.count)
		return error_set(err, "--map pairs what --exact keeps apart; give one of them");
	for (size_t i = 0; i < domains->count; i++)
		if (!knows_domain(report, domains->values[i]))
			return no_domain(&report->sides[0].profile, domains->values[i], err);
	return check_splits(report, err);
}

/* What a place counts as in the grouping, in terms of the new build. */
static uint32_t row_place(struct report *report, const struct side *side, uint32_t line)
{
	uint32_t place = places_coarsen(&report->places, line, (enum group)report->options->group);
	const struct translation *translation = side->stacks.translation;

	return translation ? translation_place(translation, place) : place;
}

/* A row for every frame of the stack but heapmark's own. tally_add() takes each only once. */
static void add_every_frame(struct report *report, struct side *side, uint32_t index)
{
	const struct profile *profile = &side->profile;
	uint32_t node = profile->sites[index].node, count;

	for (; node; node = profile->nodes[node].parent) {
		const struct frame *frames = stacks_frames(&side->stacks, node, &count);

		for (uint32_t i = 0; i < count; i++)
			if (frames[i].skip != SKIP_SHIM)
				tally_add(&side->tally, row_place(report, side, frames[i].place),
					  profile, index);
	}
}

static uint32_t domain_place(struct report *report, const struct profile *profile, uint32_t domain)
{
	struct place place = {.domain = profile->domains[domain].name};

	return places_intern(&report->places, &place);
}

/* The kernel's number of a thread is another one in each run. */
static uint32_t split_place(struct report *report, const struct profile *profile,
			    const struct site *site, enum heapmark_split kind)
{
	struct place place = {.split = split_of(profile, site, kind)};

	if (kind == HEAPMARK_SPLIT_THREAD && report->options->is_diff)
		place.split &= ~HEAPMARK_SPLIT_TID_MASK;
	return places_intern(&report->places, &place);
}

uint32_t report_key(struct report *report, struct side *side, uint32_t site)
{
	const struct profile *profile = &side->profile;
	uint32_t node = profile->sites[site].node;

	if (side->likened && side->likened[stacks_path(&side->stacks, node)])
		return side->likened[stacks_path(&side->stacks, node)] - 1;
	if (report->options->group == GROUP_STACK)
		return stacks_path(&side->stacks, node);
	if (report->options->group == GROUP_DOMAIN)
		return domain_place(report, profile, profile->sites[site].domain);
	if (report->options->group == GROUP_SIZE)
		return split_place(report, profile, &profile->sites[site], HEAPMARK_SPLIT_SIZE);
	if (report->options->group == GROUP_THREAD)
		return split_place(report, profile, &profile->sites[site], HEAPMARK_SPLIT_THREAD);
	return row_place(report, side, stacks_place(&side->stacks, node));
}

static void prepare_side(struct report *report, struct side *side)
{
	struct selection *selection = &report->options->selection;

	stacks_init(&side->stacks, &side->profile, report->symbolizer, &report->places,
		    &report->paths, &selection->skipped);
	side->verdicts = selection_apply(selection, &side->stacks);
}

static void add_up(struct side *side)
{
	for (uint32_t i = 1; i < side->profile.site_count; i++) {
		const struct site *site = &side->profile.sites[i];

		if (side->verdicts[i] == VERDICT_SUPPRESSED) {
			side->suppressed_blocks += site->chosen_blocks;
			side->suppressed_bytes += site->chosen_bytes;
		}
		if (!side_takes(side, i))
			continue;
		side->blocks += site->chosen_blocks;
		side->bytes += site->chosen_bytes;
		side->variance += (double)site->chosen_variance;
	}
}

static void make_rows(struct report *report, struct side *side)
{
	tally_release(&side->tally);
	for (uint32_t i = 1; i < side->profile.site_count; i++) {
		if (!side_takes(side, i))
			continue;
		if (report->options->cumulative)
			add_every_frame(report, side, i);
		else
			tally_add(&side->tally, report_key(report, side, i), &side->profile, i);
	}
}

int report_select(struct report *report, struct error *err)
{
	if (check_options(report, err) < 0 ||
	    selection_prepare(&report->options->selection, err) < 0)
		return -1;
	/* The newest first: a place keeps the module path with which it was first met. */
	for (unsigned i = report->side_count; i-- > 0;) {
		prepare_side(report, &report->sides[i]);
		add_up(&report->sides[i]);
	}
	return 0;
}

int report_build(struct report *report, struct error *err)
{
	if (report_select(report, err) < 0)
		return -1;
	if (report->side_count > 1)
		pair_places(report);
	for (unsigned i = report->side_count; i-- > 0;)
		make_rows(report, &report->sides[i]);
	if (report->side_count > 1 && pair_likes(report))
		make_rows(report, &report->sides[0]);
	if (report->side_count > 1)
		pair_rows(report);
	sort_report(report);
	return 0;
}

void report_warn(const struct report *report)
{
	for (unsigned i = 0; i < report->side_count; i++)
		load_warn(&report->sides[i].profile);
}

const struct snapshot *side_snapshot(const struct side *side)
{
	const struct moment *moment = &side->profile.moment;

	if (moment->kind == MOMENT_PEAK)
		return NULL;
	if (moment->kind == MOMENT_SNAPSHOT)
		return &side->profile.snapshots[moment->position];
	return profile_last(&side->profile);
}

uint64_t side_time_ns(const struct side *side)
{
	const struct snapshot *snapshot = side_snapshot(side);

	return snapshot ? snapshot->time_ns : profile_last(&side->profile)->peak_time_ns;
}
