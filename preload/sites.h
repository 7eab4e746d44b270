/* SPDX-License-Identifier: MIT */
/*
 * Call stacks and allocation sites.
 *
 * Stacks are kept as a calling-context tree: a node is a frame in the context of its parent, and
 * the id of a node is the id of the whole stack from it to the root. A site is a stack and a
 * domain, and carries the counters. Ids start at 1, rise, and are never reused; what they stand for
 * never moves. All functions need the tables lock, but sites_node() and sites_site() for ids that
 * are known to exist.
 */
#ifndef PRELOAD_SITES_H
#define PRELOAD_SITES_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/capture.h"

struct thread;

struct node {
	uint64_t pc;
	uint32_t parent;
	uint32_t module;     /* 0 until resolved; see modules.h */
	uint32_t first_site; /* 0: no allocation ended here */
	bool resolved;
	bool retired; /* its code was unmapped: new stacks do not run through it */
};

struct site {
	uint32_t node;
	uint32_t domain;
	uint32_t next;  /* same node, another domain */
	uint32_t epoch; /* of the peak that peak_* belong to; see account.h */
	bool dirty;     /* changed since the last snapshot took it */
	uint64_t allocations, allocated_bytes, frees, reallocations, temporary;
	uint64_t live_blocks, live_bytes;
	uint64_t peak_blocks, peak_bytes;
	uint64_t max_bytes;
};

/* A cell of the live map has 26 bits for a site; the last one is LIVE_OWN. */
#define SITES_MAX  (1u << 26)
#define SITES_LAST (SITES_MAX - 2)

/* The stack's id; 0 when there is no memory. */
uint32_t sites_intern(struct thread *self, const struct stack *stack);

/* The site of a stack in a domain; 0 when there is no memory. */
uint32_t sites_find(uint32_t node, uint32_t domain);

struct node *sites_node(uint32_t id);
struct site *sites_site(uint32_t id);

/* Ids in use are 1 to these. */
uint32_t sites_node_count(void);
uint32_t sites_site_count(void);

/* The code from `start` to `end` is gone: gives its nodes to `module` and lets no later stack find
 * them, even if other code comes to the same addresses. */
void sites_retire(uint64_t start, uint64_t end, uint32_t module);

#endif
