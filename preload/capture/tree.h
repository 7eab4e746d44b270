/* SPDX-License-Identifier: MIT */
/*
 * The calling-context tree: a node is a call in the context of its parent, and the id of a node is
 * the id of the whole stack from it to the root (0).
 *
 * Ids start at 1, rise, and are never reused; a node never changes. Known nodes are found without
 * a lock, from any thread and any signal; making one takes the capture lock.
 */
#ifndef PRELOAD_CAPTURE_TREE_H
#define PRELOAD_CAPTURE_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include "atomic.h"

#define TREE_PIECE_BITS 14
#define TREE_MAX        (1u << 26)

struct node {
	uint32_t call, parent;
	_Atomic uint32_t site; /* the first one, for sites.c; changes */
};

extern HIDDEN struct node *tree_pieces[TREE_MAX >> TREE_PIECE_BITS];

static HOT struct node *tree_node(uint32_t id)
{
	return &tree_pieces[id >> TREE_PIECE_BITS][id & ((1u << TREE_PIECE_BITS) - 1)];
}

/* Node 0, the root, exists. False: no memory. */
bool tree_start(void);

/* The node of `call` under `parent`, made if it is new. 0: no memory. */
uint32_t tree_child(uint32_t parent, uint32_t call);

/* The same in steps, for several nodes one under the other: tree_find() does not make one; between
 * tree_hold() and tree_release() nobody else does, so that what is under a new node is new, too,
 * and can be added unseen. */
uint32_t tree_find(uint32_t parent, uint32_t call);
bool tree_hold(void);
uint32_t tree_add(uint32_t parent, uint32_t call);
void tree_release(void);

/* Ids in use are 1 to this. */
uint32_t tree_count(void);

#endif
