/* SPDX-License-Identifier: MIT */
/*
 * The nodes of the calling-context tree, as they lie in memory: chains, each node of which is the
 * child of the one before. The nodes of a new stack are made one after the other, so a chain is as
 * long as what was new of a stack, and only its first node has to say what its parent is.
 *
 * Node 0 is the root. Ids rise, and are never reused; a node never moves or changes. Reading takes
 * no lock.
 */
#ifndef PRELOAD_CAPTURE_NODES_H
#define PRELOAD_CAPTURE_NODES_H

#include <stdbool.h>
#include <stdint.h>

#include "atomic.h"

#define NODES_MAX        (1u << 26)
#define NODES_PIECE_BITS 14
#define NODES_PIECE      (1u << NODES_PIECE_BITS)
#define NODES_WORD       64u /* nodes with a bit in the same word */
#define NODE_IS_FIRST    (1u << 31)

struct chain {
	uint32_t parent; /* of its first node */
	/* For sites.c: the site that was the first of any of its nodes, and which node's it is. */
	uint32_t site_node;
	_Atomic uint32_t site; /* 0: none yet */
};

/* What is not used of it is not touched. Its first node begins a chain. */
struct node_piece {
	uint32_t calls[NODES_PIECE];                       /* and NODE_IS_FIRST */
	_Atomic uint64_t firsts[NODES_PIECE / NODES_WORD]; /* the same, as bits */
	uint16_t chains_before[NODES_PIECE / NODES_WORD];  /* ...in words before this one */
	struct chain chains[NODES_PIECE];
};

extern HIDDEN struct node_piece *nodes_pieces[NODES_MAX >> NODES_PIECE_BITS];
extern HIDDEN _Atomic uint32_t nodes_last;

/* Ids in use are up to this. */
static HOT uint32_t nodes_count(void)
{
	return load_acquire(&nodes_last); /* pairs with add() in nodes.c */
}

static HOT uint32_t nodes_call_and_first(uint32_t id)
{
	return nodes_pieces[id >> NODES_PIECE_BITS]->calls[id & (NODES_PIECE - 1)];
}

/* See calls.h. */
static HOT uint32_t nodes_call(uint32_t id)
{
	return nodes_call_and_first(id) & ~NODE_IS_FIRST;
}

/* The chain that a node is in. */
static HOT struct chain *nodes_chain(uint32_t id)
{
	struct node_piece *piece = nodes_pieces[id >> NODES_PIECE_BITS];
	uint32_t word = id % NODES_PIECE / NODES_WORD;
	uint64_t up_to_id = ~0ull >> (NODES_WORD - 1 - id % NODES_WORD);
	uint64_t firsts = load_relaxed(&piece->firsts[word]) & up_to_id;

	return &piece->chains[piece->chains_before[word] + __builtin_popcountll(firsts) - 1];
}

static HOT uint32_t nodes_parent(uint32_t id)
{
	return nodes_call_and_first(id) & NODE_IS_FIRST ? nodes_chain(id)->parent : id - 1;
}

/* Whether the next node that is made would begin a chain, as a child of `parent`. */
bool nodes_begins_chain(uint32_t parent);

/* Makes a node; one thread at a time. 0: no memory. */
uint32_t nodes_add(uint32_t parent, uint32_t call);

/* Makes the root. False: no memory. */
bool nodes_start(void);

#endif
