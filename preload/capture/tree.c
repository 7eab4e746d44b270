/* SPDX-License-Identifier: MIT */
/*
 * Finding nodes. Most follow their parents: such a node is looked for there, and a known chain is
 * read as it lies in memory.
 *
 * Those that begin a chain are found by (parent, call) through extendible hashing: a directory of
 * small tables, of which one is split in two when it is full. So the whole grows without ever being
 * rebuilt, and memory is touched only where there are nodes.
 *
 * A table that is split is changed in place. A reader may then miss a node that is there, but never
 * finds a wrong one, as the node itself is compared; what is missed is looked for again under the
 * lock.
 */
#include "capture/tree.h"

#include "capture/calls.h"
#include "mem.h"

#define SEGMENT_SLOTS   1024u
#define PROBES          24u /* slots looked at for a free one before the table counts as full */
#define DIRECTORY_BITS  1   /* at first */
#define DIRECTORY_LIMIT 24

struct segment {
	uint32_t depth;                        /* bits of the hash that all in it share */
	_Atomic uint32_t slots[SEGMENT_SLOTS]; /* 0 is free */
};

struct directory {
	uint32_t bits;
	struct segment *_Atomic segments[]; /* by the top bits of the hash */
};

static struct directory *_Atomic tree;

static uint64_t hash(uint32_t parent, uint32_t call)
{
	uint64_t mixed = ((uint64_t)parent << 32 | call) * 0x9E3779B97F4A7C15u;

	mixed ^= mixed >> 32;
	return mixed * 0xD6E8FEB86659FD93u;
}

static uint64_t hash_of(uint32_t id)
{
	return hash(nodes_parent(id), nodes_call(id));
}

/* What is in a slot: a node's id, and a part of its hash, so that most other nodes need not be
 * looked at. */
#define ID_BITS  26
#define ID(slot) ((slot) & (NODES_MAX - 1))

static uint32_t slot_of(uint32_t id, uint64_t key)
{
	return id | (uint32_t)(key >> 10) << ID_BITS;
}

static _Atomic(struct segment *) *place_of(struct directory *directory, uint64_t key)
{
	return &directory->segments[key >> (64 - directory->bits)];
}

uint32_t tree_branch(uint32_t parent, uint32_t call)
{
	uint64_t key = hash(parent, call);
	struct directory *directory = load_acquire(&tree); /* pairs with double_it() */
	struct segment *segment = load_acquire(place_of(directory, key)); /* pairs with split() */

	for (uint32_t at = (uint32_t)key, tries = 0; tries < SEGMENT_SLOTS; at++, tries++) {
		uint32_t slot = load_acquire(&segment->slots[at % SEGMENT_SLOTS]); /* with put() */

		if (!slot)
			return 0;
		if (slot != slot_of(ID(slot), key))
			continue;
		if (nodes_call(ID(slot)) == call && nodes_chain(ID(slot))->parent == parent)
			return ID(slot);
	}
	return 0;
}

/* Not further than `reach` from the key's place. NULL: there is none. */
static _Atomic uint32_t *free_slot(struct segment *segment, uint64_t key, uint32_t reach)
{
	uint32_t at = (uint32_t)key % SEGMENT_SLOTS;

	for (uint32_t tries = 0; tries < reach; tries++, at = (at + 1) % SEGMENT_SLOTS)
		if (!load_relaxed(&segment->slots[at]))
			return &segment->slots[at];
	return NULL;
}

static void put(_Atomic uint32_t *slot, uint32_t id, uint64_t key)
{
	store_release(slot, slot_of(id, key)); /* pairs with tree_branch() */
}

static struct directory *make_directory(uint32_t bits)
{
	struct directory *directory =
		mem_take(sizeof(*directory) + (sizeof(struct segment *) << bits));

	if (directory)
		directory->bits = bits;
	return directory;
}

bool tree_start(void)
{
	struct directory *directory = make_directory(DIRECTORY_BITS);

	if (!directory || !nodes_start())
		return false;
	for (uint32_t i = 0; i < 1u << DIRECTORY_BITS; i++) {
		struct segment *segment = mem_take(sizeof(*segment));

		if (!segment)
			return false;
		segment->depth = DIRECTORY_BITS;
		store_relaxed(&directory->segments[i], segment);
	}
	store_release(&tree, directory); /* pairs with tree_branch() */
	return true;
}

/* Each table gets a second entry. The old directory is left: readers may be using it. */
static bool double_it(void)
{
	struct directory *old = load_relaxed(&tree), *wider;

	if (old->bits == DIRECTORY_LIMIT)
		return false;
	wider = make_directory(old->bits + 1);
	if (!wider)
		return false;
	for (uint64_t i = 0; i < 1ull << wider->bits; i++)
		store_relaxed(&wider->segments[i], load_relaxed(&old->segments[i / 2]));
	store_release(&tree, wider); /* pairs with tree_branch() */
	return true;
}

#define AHEAD 16 /* nodes: they are all over memory */

/* Where the nodes of a table go: those with the next bit set to `other`. Then all that stay are put
 * anew, which leaves no gaps; there is more room for them than before. */
static void divide(struct segment *segment, struct segment *other)
{
	static uint32_t ids[SEGMENT_SLOTS]; /* under the lock, and stacks may be small */
	uint32_t count = 0;

	for (uint32_t at = 0; at < SEGMENT_SLOTS; at++) {
		uint32_t id = ID(load_relaxed(&segment->slots[at]));

		if (id)
			ids[count++] = id;
		store_relaxed(&segment->slots[at], 0);
	}
	other->depth = ++segment->depth;
	for (uint32_t i = 0; i < count; i++) {
		uint64_t key = hash_of(ids[i]);
		bool moves = key >> (64 - segment->depth) & 1;
		struct segment *to = moves ? other : segment;

		if (i + AHEAD < count)
			__builtin_prefetch(nodes_chain(ids[i + AHEAD]));
		put(free_slot(to, key, SEGMENT_SLOTS), ids[i], key);
	}
}

/* Splits the table of a key. */
static bool split(uint64_t key)
{
	struct directory *directory = load_relaxed(&tree);
	struct segment *segment = load_relaxed(place_of(directory, key));
	struct segment *other;
	uint64_t first, span;

	if (segment->depth == directory->bits) {
		if (!double_it())
			return false;
		directory = load_relaxed(&tree);
	}
	other = mem_take(sizeof(*other));
	if (!other)
		return false;
	divide(segment, other);
	span = 1ull << (directory->bits - segment->depth); /* entries that each of the two has */
	first = key >> (64 - segment->depth) | 1;
	for (uint64_t i = 0; i < span; i++) /* pairs with tree_branch() */
		store_release(&directory->segments[first * span + i], other);
	return true;
}

/* Where the node of a key is going to be. NULL: no memory. */
static _Atomic uint32_t *make_slot(uint64_t key)
{
	for (;;) {
		struct directory *directory = load_relaxed(&tree);
		struct segment *segment = load_relaxed(place_of(directory, key));
		_Atomic uint32_t *slot = free_slot(segment, key, PROBES);

		if (slot || !split(key))
			return slot;
	}
}

uint32_t tree_find(uint32_t parent, uint32_t call)
{
	uint32_t next = tree_next(parent, call);

	return next ? next : tree_branch(parent, call);
}

bool tree_hold(void)
{
	return lock_take(&capture_lock);
}

void tree_release(void)
{
	lock_drop(&capture_lock);
}

uint32_t tree_add(uint32_t parent, uint32_t call)
{
	bool begins_chain = nodes_begins_chain(parent);
	uint64_t key = hash(parent, call);
	_Atomic uint32_t *slot = begins_chain ? make_slot(key) : NULL;
	uint32_t id;

	if (begins_chain && !slot)
		return 0;
	id = nodes_add(parent, call);
	if (id && slot)
		put(slot, id, key); /* who finds it there sees it counted */
	return id;
}

static NOINLINE uint32_t make(uint32_t parent, uint32_t call)
{
	uint32_t id;

	if (!tree_hold())
		return 0;
	id = tree_find(parent, call);
	if (!id)
		id = tree_add(parent, call);
	tree_release();
	return id;
}

uint32_t tree_child(uint32_t parent, uint32_t call)
{
	uint32_t id = tree_find(parent, call);

	return likely(id) ? id : make(parent, call);
}
