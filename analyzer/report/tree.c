/* SPDX-License-Identifier: MIT */
/* Branches and what is kept of them; see tree.h. */
#include "report/tree.h"

#include <stdlib.h>

#include "report/sort.h"
#include "util/buffer.h"
#include "util/memory.h"

static struct side *side_of(const struct tree *tree)
{
	return &tree->report->sides[0];
}

static size_t taken_sites(const struct side *side)
{
	size_t count = 0;

	for (size_t i = 1; i < side->profile.site_count; i++)
		count += side_takes(side, i);
	return count;
}

void tree_init(struct tree *tree, struct report *report, const struct tree_options *options)
{
	const struct side *side = &report->sides[0];

	*tree = (struct tree){.report = report, .options = options};
	tree->entries = xcalloc(taken_sites(side) + 1, sizeof(*tree->entries));
	for (uint32_t i = 1; i < side->profile.site_count; i++)
		if (side_takes(side, i))
			tree->entries[tree->entry_count++].site = i;
	(options->bottom_up ? tree_prepare_up : tree_prepare_down)(tree);
}

void tree_release(struct tree *tree)
{
	free(tree->entries);
	pairs_release(&tree->paths.pairs);
	free(tree->paths.own);
	free(tree->paths.count);
	free(tree->paths.start);
	free(tree->paths.child);
	free(tree->paths.sibling);
	*tree = (struct tree){0};
}

uint32_t tree_key(struct tree *tree, const struct frame *frame)
{
	return places_coarsen(&tree->report->places, frame->place,
			      (enum group)tree->options->report.group);
}

bool tree_merges(const struct tree *tree)
{
	return tree->options->report.group >= GROUP_FILE;
}

uint32_t tree_spot(struct tree *tree, uint32_t site, uint32_t *node, uint32_t *frame)
{
	struct side *side = side_of(tree);
	uint32_t at = side->profile.sites[site].node;
	uint32_t place = stacks_place(&side->stacks, at);

	*node = *frame = 0;
	for (; at; at = side->profile.nodes[at].parent) {
		uint32_t count;
		const struct frame *frames = stacks_frames(&side->stacks, at, &count);

		for (uint32_t i = 0; i < count && !*node; i++) {
			if (frames[i].place != place)
				continue;
			*node = at;
			*frame = i;
		}
		if (*node)
			break;
	}
	return places_coarsen(&tree->report->places, place,
			      (enum group)tree->options->report.group);
}

static void add_entries(const struct tree *tree, struct row *row, size_t first, size_t end)
{
	const struct side *side = side_of(tree);

	for (size_t i = first; i < end; i++)
		row_add_site(row, &side->profile.sites[tree->entries[i].site]);
}

/* What decides on a branch: the column it is sorted by, if that adds up. */
static double weight(const struct tree *tree, const struct row *row)
{
	int sort = tree->options->report.sort;
	enum metric metric = METRIC_BYTES;

	if (sort != METRIC_FUNCTION && metric_adds_up((enum metric)sort))
		metric = (enum metric)sort;
	return metric_value(metric, row, side_of(tree));
}

static bool is_kept(const struct tree *tree, const struct branch *branch, double whole)
{
	double share = tree->options->min_share, has = weight(tree, &branch->total);

	if (branch->total.bytes < tree->options->report.selection.min_bytes)
		return false;
	return share <= 0 || (has > 0 && has >= share * whole);
}

/* Keeps the large branches, and adds the others up. */
static void prune(const struct tree *tree, struct level *level, double whole, uint64_t top)
{
	size_t all = level->count;

	level->count = 0;
	for (size_t i = 0; i < all; i++) {
		struct branch *branch = &level->branches[i];

		if (level->count < top && is_kept(tree, branch, whole)) {
			level->branches[level->count++] = *branch;
		} else {
			row_add(&level->pruned, &branch->total);
			level->pruned_count++;
		}
	}
}

static void open_level(struct tree *tree, struct tree_step *step, double whole, size_t depth)
{
	const struct tree_options *options = tree->options;
	struct level *level = &step->level;
	size_t self_end;

	*level = (struct level){0};
	level->branches = (options->bottom_up ? tree_split_up : tree_split_down)(
		tree, &step->branch, &level->count, &self_end);
	level->self_count = self_end - step->branch.first;
	add_entries(tree, &level->self, step->branch.first, self_end);
	for (size_t i = 0; i < level->count; i++) {
		struct branch *branch = &level->branches[i];

		add_entries(tree, &branch->total, branch->first, branch->end);
	}
	if (level->count)
		qsort_r(level->branches, level->count, sizeof(*level->branches), sort_compare_rows,
			tree->report);
	prune(tree, level, whole,
	      depth >= options->depth     ? 0
	      : options->report.top_given ? options->report.top
					  : TREE_ALL);
}

/* A loop and no recursion: a stack may be as deep as a trace says. */
void tree_walk(struct tree *tree, tree_visit *enter, tree_visit *leave, void *context)
{
	struct tree_walk walk = {.tree = tree};
	struct branch root = {.end = tree->entry_count};
	double whole;

	add_entries(tree, &root.total, 0, tree->entry_count);
	whole = weight(tree, &root.total);
	walk.steps = array_grow(NULL, 0, &walk.capacity, sizeof(*walk.steps));
	walk.steps[0] = (struct tree_step){.branch = root};
	open_level(tree, &walk.steps[0], whole, 0);
	enter(context, &walk);
	for (;;) {
		struct tree_step *step = &walk.steps[walk.depth];

		if (step->next < step->level.count) {
			struct branch branch = step->level.branches[step->next++];

			walk.steps = array_grow(walk.steps, walk.depth + 1, &walk.capacity,
						sizeof(*walk.steps));
			walk.steps[++walk.depth] = (struct tree_step){.branch = branch};
			open_level(tree, &walk.steps[walk.depth], whole, walk.depth);
			enter(context, &walk);
			continue;
		}
		leave(context, &walk);
		free(step->level.branches);
		if (!walk.depth)
			break;
		walk.depth--;
	}
	free(walk.steps);
}
