/* SPDX-License-Identifier: MIT */
/*
 * The tree from the outermost frame inwards; see tree.h.
 *
 * Paths are numbered so that callers come before what they call, as nodes are in the trace: one
 * pass forwards gives each node its path, one backwards counts the entries below each path, and one
 * more forwards lays them out.
 */
#include <stdlib.h>

#include "report/tree.h"
#include "util/memory.h"

static uint32_t caller_of(const struct tree_paths *paths, uint32_t path)
{
	return (uint32_t)(paths->pairs.pairs[path] >> 32);
}

static uint32_t key_of(const struct tree_paths *paths, uint32_t path)
{
	return (uint32_t)paths->pairs.pairs[path];
}

/* The path one frame further in. */
static uint32_t extend(struct tree *tree, uint32_t path, uint32_t key)
{
	struct tree_paths *paths = &tree->paths;

	if (path && tree_merges(tree) && key_of(paths, path) == key)
		return path;
	for (uint32_t at = path; at && tree->options->fold_recursion; at = caller_of(paths, at))
		if (key_of(paths, at) == key)
			return at;
	return pairs_number(&paths->pairs, path, key);
}

/* The frames of a node from the outermost to the one of number `to`. */
static uint32_t extend_by_node(struct tree *tree, uint32_t path, uint32_t node, uint32_t to)
{
	uint32_t count;
	const struct frame *frames = stacks_frames(&tree->report->sides[0].stacks, node, &count);

	for (uint32_t i = count; i-- > to;)
		if (frames[i].skip != SKIP_SHIM)
			path = extend(tree, path, tree_key(tree, &frames[i]));
	return path;
}

/* The nodes outside of those that the entries end in. */
static uint8_t *callers(struct tree *tree)
{
	const struct profile *profile = &tree->report->sides[0].profile;
	uint8_t *is_caller = xcalloc(profile->node_count, 1);

	for (size_t i = 0; i < tree->entry_count; i++) {
		struct tree_entry *entry = &tree->entries[i];

		entry->key = tree_spot(tree, entry->site, &entry->node, &entry->frame);
		is_caller[profile->nodes[entry->node].parent] = 1;
	}
	for (size_t node = profile->node_count; node-- > 1;)
		if (is_caller[node])
			is_caller[profile->nodes[node].parent] = 1;
	return is_caller;
}

/* Makes each entry's `node` its path. */
static void find_paths(struct tree *tree)
{
	const struct profile *profile = &tree->report->sides[0].profile;
	uint32_t *path_of = xcalloc(profile->node_count, sizeof(*path_of));
	uint8_t *is_caller = callers(tree);

	for (uint32_t node = 1; node < profile->node_count; node++)
		if (is_caller[node])
			path_of[node] =
				extend_by_node(tree, path_of[profile->nodes[node].parent], node, 0);
	free(is_caller);
	for (size_t i = 0; i < tree->entry_count; i++) {
		struct tree_entry *entry = &tree->entries[i];
		uint32_t path = path_of[profile->nodes[entry->node].parent];

		/* The place itself counts in any case, even as a frame of heapmark's. */
		if (entry->node)
			path = extend_by_node(tree, path, entry->node, entry->frame + 1);
		entry->node = extend(tree, path, entry->key);
	}
	free(path_of);
}

static void count_entries(struct tree *tree, size_t path_count)
{
	struct tree_paths *paths = &tree->paths;

	for (size_t i = 0; i < tree->entry_count; i++)
		paths->own[tree->entries[i].node]++;
	for (size_t path = path_count; path-- > 1;) {
		uint32_t caller = caller_of(paths, (uint32_t)path);

		paths->count[path] += paths->own[path];
		paths->count[caller] += paths->count[path];
		/* Of a circle that was left out there may be nothing left. */
		if (!paths->count[path])
			continue;
		paths->sibling[path] = paths->child[caller];
		paths->child[caller] = (uint32_t)path;
	}
}

static void lay_out(struct tree *tree, size_t path_count)
{
	struct tree_paths *paths = &tree->paths;
	struct tree_entry *ordered = xcalloc(tree->entry_count + 1, sizeof(*ordered));
	uint32_t *next = xcalloc(path_count, sizeof(*next)); /* the first that is still free */

	for (uint32_t path = 1; path < path_count; path++) {
		uint32_t caller = caller_of(paths, path);

		paths->start[path] = next[caller];
		next[caller] += paths->count[path];
		next[path] = paths->start[path] + paths->own[path];
	}
	for (size_t i = 0; i < tree->entry_count; i++) {
		uint32_t path = tree->entries[i].node;

		/* Its own entries end where its branches were to begin. */
		ordered[paths->start[path] + --paths->own[path]] = tree->entries[i];
	}
	for (size_t i = 0; i < tree->entry_count; i++)
		paths->own[ordered[i].node]++;
	free(tree->entries);
	tree->entries = ordered;
	free(next);
}

void tree_prepare_down(struct tree *tree)
{
	struct tree_paths *paths = &tree->paths;
	size_t count;

	find_paths(tree);
	count = paths->pairs.count ? paths->pairs.count : 1;
	paths->own = xcalloc(count, sizeof(*paths->own));
	paths->count = xcalloc(count, sizeof(*paths->count));
	paths->start = xcalloc(count, sizeof(*paths->start));
	paths->child = xcalloc(count, sizeof(*paths->child));
	paths->sibling = xcalloc(count, sizeof(*paths->sibling));
	count_entries(tree, count);
	lay_out(tree, count);
}

struct branch *tree_split_down(struct tree *tree, const struct branch *branch, size_t *count,
			       size_t *self_end)
{
	const struct tree_paths *paths = &tree->paths;
	uint32_t child = paths->child[branch->path];
	struct branch *branches;

	*self_end = branch->first + paths->own[branch->path];
	*count = 0;
	for (uint32_t at = child; at; at = paths->sibling[at])
		++*count;
	branches = xcalloc(*count + 1, sizeof(*branches));
	for (size_t i = 0; i < *count; i++, child = paths->sibling[child])
		branches[i] = (struct branch){
			.total = {.key = key_of(paths, child)},
			.first = paths->start[child],
			.end = paths->start[child] + paths->count[child],
			.path = child,
		};
	return branches;
}
