/* SPDX-License-Identifier: MIT */
/* Adding nodes; see nodes.h. */
#include "capture/nodes.h"

#include "mem.h"

struct node_piece *nodes_pieces[NODES_MAX >> NODES_PIECE_BITS];
_Atomic uint32_t nodes_last;

static struct node_piece *make_piece(uint32_t id)
{
	struct node_piece **piece = &nodes_pieces[id >> NODES_PIECE_BITS];

	if (!*piece)
		*piece = mem_take(sizeof(**piece));
	return *piece;
}

static void begin_chain(struct node_piece *piece, uint32_t id, uint32_t parent)
{
	uint32_t word = id % NODES_PIECE / NODES_WORD;

	store_relaxed(&piece->firsts[word],
		      load_relaxed(&piece->firsts[word]) | 1ull << id % NODES_WORD);
	nodes_chain(id)->parent = parent;
}

/* The first of its word: what there was before is known now. */
static void begin_word(struct node_piece *piece, uint32_t word)
{
	if (word > 0)
		piece->chains_before[word] =
			(uint16_t)(piece->chains_before[word - 1] +
				   __builtin_popcountll(load_relaxed(&piece->firsts[word - 1])));
}

static bool add(uint32_t id, uint32_t parent, uint32_t call, bool is_first)
{
	struct node_piece *piece = make_piece(id);

	if (!piece)
		return false;
	if (id % NODES_WORD == 0)
		begin_word(piece, id % NODES_PIECE / NODES_WORD);
	if (is_first)
		begin_chain(piece, id, parent);
	piece->calls[id % NODES_PIECE] = call | (is_first ? NODE_IS_FIRST : 0);
	store_release(&nodes_last, id); /* pairs with nodes_count() */
	return true;
}

bool nodes_start(void)
{
	return add(0, 0, 0, true);
}

bool nodes_begins_chain(uint32_t parent)
{
	uint32_t id = load_relaxed(&nodes_last) + 1;

	return id != parent + 1 || id % NODES_PIECE == 0;
}

uint32_t nodes_add(uint32_t parent, uint32_t call)
{
	uint32_t id = load_relaxed(&nodes_last) + 1;

	return id < NODES_MAX && add(id, parent, call, nodes_begins_chain(parent)) ? id : 0;
}
