/* SPDX-License-Identifier: MIT */
/* Sites in pieces that do not move, as a list from each chain of nodes; see sites.h. */
#include "sites.h"

#include "lock.h"
#include "mem.h"

#define PIECE_ITEMS (1u << SITES_PIECE_BITS)

struct site *sites_pieces[SITES_MAX >> SITES_PIECE_BITS];

static struct {
	struct lock lock; /* a leaf but for the memory's */
	_Atomic uint32_t count;
} sites;

static uint32_t first_of(struct chain *chain)
{
	return load_acquire(&chain->site) & ~SITES_FIRST_IS_MALLOC; /* pairs with list() */
}

static uint32_t look_up(uint32_t node, uint32_t domain)
{
	uint32_t id = first_of(nodes_chain(node));

	while (id && (sites_get(id)->node != node || sites_get(id)->domain != domain))
		id = load_acquire(&sites_get(id)->next); /* pairs with list() */
	return id;
}

/* A site is whole before it can be found. A chain's first one stays the first. */
static void list(uint32_t id, struct chain *chain)
{
	struct site *site = sites_get(id);
	uint32_t flag = site->domain == HEAPMARK_DOMAIN_MALLOC ? SITES_FIRST_IS_MALLOC : 0;
	uint32_t first = first_of(chain);

	if (first) {
		store_relaxed(&site->next, load_relaxed(&sites_get(first)->next));
		store_release(&sites_get(first)->next, id); /* pairs with look_up() */
		return;
	}
	chain->site_node = site->node;
	store_release(&chain->site, id | flag); /* pairs with first_of() and sites_find() */
}

/* With the lock. */
static uint32_t add(uint32_t node, uint32_t domain)
{
	uint32_t id = load_relaxed(&sites.count) + 1;
	struct site **piece = &sites_pieces[id >> SITES_PIECE_BITS];

	if (id > SITES_LAST)
		return 0;
	if (!*piece)
		*piece = mem_take(PIECE_ITEMS * sizeof(**piece));
	if (!*piece)
		return 0;
	sites_get(id)->node = node;
	sites_get(id)->domain = (uint16_t)domain;
	store_release(&sites.count, id); /* pairs with sites_count() */
	list(id, nodes_chain(node));
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
