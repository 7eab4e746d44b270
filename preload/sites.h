/* SPDX-License-Identifier: MIT */
/*
 * Allocation sites: a call stack (a node of the tree) and a domain. Counters are kept per site.
 *
 * Ids start at 1, rise, and are never reused; a site never moves or changes. Known sites are found
 * without a lock; making one takes the site lock.
 */
#ifndef PRELOAD_SITES_H
#define PRELOAD_SITES_H

#include <stdbool.h>
#include <stdint.h>

#include "atomic.h"
#include "capture/nodes.h"
#include "heapmark/format.h"

#define SITES_PIECE_BITS 12

/* A cell of the live map has 26 bits for a site; the last one is LIVE_OWN. */
#define SITES_MAX  (1u << 26)
#define SITES_LAST (SITES_MAX - 2)

struct site {
	uint32_t node;
	_Atomic uint32_t next; /* of the same chain of nodes */
	uint16_t domain;
	bool taken; /* by the snapshot that is being gathered */
};

extern HIDDEN struct site *sites_pieces[SITES_MAX >> SITES_PIECE_BITS];

static HOT struct site *sites_get(uint32_t id)
{
	return &sites_pieces[id >> SITES_PIECE_BITS][id & ((1u << SITES_PIECE_BITS) - 1)];
}

/* Beside the id of a chain's first site: nearly all are of the domain `malloc`, and the only ones
 * of their chain. */
#define SITES_FIRST_IS_MALLOC (1u << 31)

uint32_t sites_find_other(uint32_t node, uint32_t domain);

/* The site of a stack in a domain, made if it is new; 0 when there is no memory. */
static HOT uint32_t sites_find(uint32_t node, uint32_t domain)
{
	const struct chain *chain = nodes_chain(node);
	uint32_t first = load_acquire(&chain->site); /* pairs with list() in sites.c */

	if (likely(first & SITES_FIRST_IS_MALLOC && chain->site_node == node &&
		   domain == HEAPMARK_DOMAIN_MALLOC))
		return first & ~SITES_FIRST_IS_MALLOC;
	return sites_find_other(node, domain);
}

/* Ids in use are 1 to this. */
uint32_t sites_count(void);

/* Around a fork. False: gave up. */
bool sites_hold(void);
void sites_release(void);
void sites_child(void);

#endif
