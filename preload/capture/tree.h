/* SPDX-License-Identifier: MIT */
/*
 * The calling-context tree: a node is a call in the context of its parent, and the id of a node is
 * the id of the whole stack from it to the root (0).
 *
 * Known nodes are found without a lock, from any thread and any signal; making one takes the
 * capture lock.
 */
#ifndef PRELOAD_CAPTURE_TREE_H
#define PRELOAD_CAPTURE_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/nodes.h"

/* False: no memory. */
bool tree_start(void);

/* The node of `call` under `parent`, made if it is new. 0: no memory. */
uint32_t tree_child(uint32_t parent, uint32_t call);

/* The same in parts, which do not make one: the next one of its parent's chain, or 0... */
static HOT uint32_t tree_next(uint32_t parent, uint32_t call)
{
	uint32_t next = parent + 1;

	return next <= nodes_count() && nodes_call_and_first(next) == call ? next : 0;
}

/* ...and one that begins a chain, or 0. */
uint32_t tree_branch(uint32_t parent, uint32_t call);

/* The same in steps, for several nodes one under the other: tree_find() is both of these parts;
 * between tree_hold() and tree_release() nobody else makes one, so that what is under a new node
 * is new, too, and can be added unseen. */
uint32_t tree_find(uint32_t parent, uint32_t call);
bool tree_hold(void);
uint32_t tree_add(uint32_t parent, uint32_t call);
void tree_release(void);

#endif
