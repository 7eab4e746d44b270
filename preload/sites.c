/* SPDX-License-Identifier: MIT */
/* Sites in pieces that do not move, as a list from each node; see sites.h. */
#include "sites.h"

#include "lock.h"
#include "mem.h"

#define PIECE_ITEMS (1u << SITES_PIECE_BITS)

struct site *sites_pieces[SITES_MAX >> SITES_PIECE_BITS];

static struct {
	struct lock lock; /* a leaf but for the memory's */
	_Atomic uint32_t count;
} sites;

static uint32_t first_of(uint32_t node)
{
	return load_acquire(&tree_node(node)->site) & ~SITES_FIRST_IS_MALLOC; /* pairs with add() */
}

static uint32_t look_up(uint32_t node, uint32_t domain)
{
	uint32_t id = first_of(node);

	while (id && sites_get(id)->domain != domain)
		id = sites_get(id)->next;
	return id;
}

/* With the lock. The new one comes first, and is whole before it can be found. */
static uint32_t add(uint32_t node, uint32_t domain)
{
	uint32_t id = load_relaxed(&sites.count) + 1;
	struct site **piece = &sites_pieces[id >> SITES_PIECE_BITS];
	uint32_t flag = domain == HEAPMARK_DOMAIN_MALLOC ? SITES_FIRST_IS_MALLOC : 0;

	if (id > SITES_LAST)
		return 0;
	if (!*piece)
		*piece = mem_take(PIECE_ITEMS * sizeof(**piece));
	if (!*piece)
		return 0;
	*sites_get(id) =
		(struct site){.node = node, .next = first_of(node), .domain = (uint16_t)domain};
	store_release(&sites.count, id); /* pairs with sites_count() */
	store_release(&tree_node(node)->site,
		      id | flag); /* pairs with first_of() and sites_find() */
	return id;
}

NOINLINE uint32_t sites_find_other(uint32_t node, uint32_t domain)
{
	uint32_t id = look_up(node, domain);

	if (id || !lock_take(&sites.lock))
		return id;
	id = look_up(node, domain);
	if (!id)
		id = add(node, domain);
	lock_drop(&sites.lock);
	return id;
}

uint32_t sites_count(void)
{
	return load_acquire(&sites.count); /* pairs with add() */
}

bool sites_hold(void)
{
	return lock_take(&sites.lock);
}

void sites_release(void)
{
	lock_drop(&sites.lock);
}

void sites_child(void)
{
	lock_reset(&sites.lock);
}
