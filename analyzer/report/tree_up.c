/* SPDX-License-Identifier: MIT */
/*
 * The tree from the row's place outwards; see tree.h.
 *
 * Stacks share their outer frames and not their inner ones, so a tree of all would be as large as
 * all stacks written out. Instead each entry goes outwards by itself, and a branch is taken apart
 * by sorting its entries by where they are next.
 */
#include <stdlib.h>

#include "report/tree.h"
#include "util/memory.h"

void tree_prepare_up(struct tree *tree)
{
	for (size_t i = 0; i < tree->entry_count; i++) {
		struct tree_entry *entry = &tree->entries[i];

		entry->key = tree_spot(tree, entry->site, &entry->node, &entry->frame);
	}
}

/* One frame outwards. False, and at node 0, when there is none. */
static bool step(struct tree *tree, struct tree_entry *entry)
{
	struct side *side = &tree->report->sides[0];

	while (entry->node) {
		uint32_t count;
		const struct frame *frames = stacks_frames(&side->stacks, entry->node, &count);

		if (++entry->frame >= count) {
			entry->node = side->profile.nodes[entry->node].parent;
			entry->frame = UINT32_MAX; /* before the first */
			continue;
		}
		if (frames[entry->frame].skip == SKIP_SHIM)
			continue;
		entry->key = tree_key(tree, &frames[entry->frame]);
		return true;
	}
	return false;
}

/* To the caller as the tree has it. */
static void advance(struct tree *tree, struct tree_entry *entry)
{
	uint32_t key = entry->key;
	struct tree_entry ahead = *entry;

	/* From where the place is on the path for the last time: what lies between is a circle. */
	while (tree->options->fold_recursion && step(tree, &ahead))
		if (ahead.key == key)
			*entry = ahead;
	while (step(tree, entry))
		if (!tree_merges(tree) || entry->key != key)
			return;
}

static int by_caller(const void *left, const void *right)
{
	const struct tree_entry *a = left, *b = right;

	if (!a->node != !b->node)
		return a->node ? 1 : -1; /* what ends here comes first */
	if (a->node && a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return a->site < b->site ? -1 : a->site > b->site;
}

/* The root's entries are at their place yet, even those of no frame at all. */
static int by_place(const void *left, const void *right)
{
	const struct tree_entry *a = left, *b = right;

	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return a->site < b->site ? -1 : a->site > b->site;
}

struct branch *tree_split_up(struct tree *tree, const struct branch *branch, size_t *count,
			     size_t *self_end)
{
	struct tree_entry *entries = tree->entries;
	bool is_root = !branch->path;
	size_t first = branch->first;
	struct branch *branches;

	for (size_t i = first; i < branch->end && !is_root; i++)
		advance(tree, &entries[i]);
	qsort(entries + first, branch->end - first, sizeof(*entries),
	      is_root ? by_place : by_caller);
	while (!is_root && first < branch->end && !entries[first].node)
		first++;
	*self_end = first;
	*count = 0;
	for (size_t i = first; i < branch->end; i++)
		*count += i == first || entries[i].key != entries[i - 1].key;
	branches = xcalloc(*count + 1, sizeof(*branches));
	for (size_t i = first, at = 0; i < branch->end; at++) {
		branches[at] =
			(struct branch){.total = {.key = entries[i].key}, .first = i, .path = 1};
		while (i < branch->end && entries[i].key == branches[at].total.key)
			i++;
		branches[at].end = i;
	}
	return branches;
}
