/* SPDX-License-Identifier: MIT */
/*
 * The call tree of a report: who called whom down to the lines that hold the memory (top-down), or
 * from these lines to their callers (bottom-up).
 *
 * A stack goes from its outermost frame to the row's place, as stacks_place() finds it: allocator
 * plumbing within the place is left out, and so are heapmark's own frames. A branch is a place in
 * its context; its total is what all stacks hold that go through it, each counted once, and its
 * self what those hold that end there.
 *
 * Branches are ranges of an array of all sites, and are taken apart only where somebody looks: what
 * is pruned costs nothing but a sum, and a walk keeps no more than one path.
 */
#ifndef ANALYZER_REPORT_TREE_H
#define ANALYZER_REPORT_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include "report/report.h"
#include "util/pairs.h"

#define TREE_ALL UINT64_MAX

/* What is asked for, besides the report's own options. */
struct tree_options {
	struct report_options report; /* its `top`: of the branches of each branch */
	bool bottom_up;
	bool fold_recursion; /* a place that is on the path already is gone back to */
	bool unfold;         /* text: show all frames of long chains */
	double min_share;    /* of the whole; negative: not given */
	uint64_t depth;      /* TREE_ALL */
};

/* A site on its way through the tree. */
struct tree_entry {
	uint32_t site;
	uint32_t node, frame; /* bottom-up: how far it has come */
	uint32_t key;         /* bottom-up: the place there */
};

struct branch {
	struct row total; /* the first, for sort_compare_rows(); its key is the place */
	size_t first, end;
	uint32_t path; /* top-down: its number; 0: the root */
};

/* What a branch is made of: its total is the sum of all that is here. */
struct level {
	struct row self;
	size_t self_count;       /* call stacks that end here */
	struct branch *branches; /* those kept, the largest first */
	size_t count;
	struct row pruned; /* the others together */
	size_t pruned_count;
};

/* The order of top-down entries: those of a branch lie together, its own first. By path. */
struct tree_paths {
	struct pairs pairs; /* a path is its caller's path and a place */
	uint32_t *own, *count, *start, *child, *sibling;
};

struct tree {
	struct report *report; /* borrowed, as the options */
	const struct tree_options *options;
	struct tree_entry *entries;
	size_t entry_count;
	struct tree_paths paths;
};

/* After report_select(). The report has one side. */
void tree_init(struct tree *tree, struct report *report, const struct tree_options *options);
void tree_release(struct tree *tree);

/* One step of a walk: a branch, and how far its level has been gone through. */
struct tree_step {
	struct branch branch;
	struct level level;
	size_t next;
};

/* The path from the root, steps[0], to the branch at hand, steps[depth]. */
struct tree_walk {
	struct tree *tree;
	struct tree_step *steps;
	size_t depth, capacity;
};

/* Goes through all branches that are kept, the root included, each before those that it is made of
 * and once more behind them. */
typedef void tree_visit(void *context, const struct tree_walk *walk);
void tree_walk(struct tree *tree, tree_visit *enter, tree_visit *leave, void *context);

/* For the two directions. Takes a branch apart: all that it is made of, with range and place; the
 * caller frees the array. *self_end is where the entries end that end there. */
struct branch *tree_split_down(struct tree *tree, const struct branch *branch, size_t *count,
			       size_t *self_end);
struct branch *tree_split_up(struct tree *tree, const struct branch *branch, size_t *count,
			     size_t *self_end);
void tree_prepare_down(struct tree *tree);
void tree_prepare_up(struct tree *tree);

/* Where a site's stack has its row's place: the frame of a node (node 0: no frame at all). Returns
 * the place. */
uint32_t tree_spot(struct tree *tree, uint32_t site, uint32_t *node, uint32_t *frame);

/* The place of a frame as it is grouped. */
uint32_t tree_key(struct tree *tree, const struct frame *frame);

/* Whether a frame that is grouped with the one before it is no frame of its own. */
bool tree_merges(const struct tree *tree);

#endif
