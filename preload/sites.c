/* SPDX-License-Identifier: MIT */
/* The calling-context tree and the sites on it; see sites.h. */
#include "sites.h"

#include <string.h>

#include "mem.h"
#include "thread.h"

#define PIECE_BITS  12
#define PIECE_ITEMS (1u << PIECE_BITS)
#define PIECES      (SITES_MAX / PIECE_ITEMS)
#define TABLE_FIRST (1u << 12)

/* Items live in pieces that never move, so pointers to them stay good. */
static struct {
	struct node *nodes[PIECES];
	struct site *sites[PIECES];
	uint32_t node_count, site_count;

	uint32_t *table; /* open addressing: node ids by (parent, pc); 0 is free */
	uint32_t table_mask;

	uint32_t generation; /* moves when nodes are retired: stacks remembered by threads expire */
} sites;

struct node *sites_node(uint32_t id)
{
	return &sites.nodes[id >> PIECE_BITS][id & (PIECE_ITEMS - 1)];
}

struct site *sites_site(uint32_t id)
{
	return &sites.sites[id >> PIECE_BITS][id & (PIECE_ITEMS - 1)];
}

uint32_t sites_node_count(void)
{
	return sites.node_count;
}

uint32_t sites_site_count(void)
{
	return sites.site_count;
}

static uint32_t hash(uint32_t parent, uint64_t pc)
{
	uint64_t mixed = (pc ^ ((uint64_t)parent << 40) ^ parent) * 0x9E3779B97F4A7C15u;

	return (uint32_t)(mixed >> 32) ^ (uint32_t)(mixed >> 15);
}

static void table_put(uint32_t *table, uint32_t mask, uint32_t id)
{
	const struct node *node = sites_node(id);
	uint32_t at = hash(node->parent, node->pc) & mask;

	while (table[at])
		at = (at + 1) & mask;
	table[at] = id;
}

/* At most half full. The old table's memory is left: it is a quarter of the new one's. */
static bool table_grow(void)
{
	uint32_t room = sites.table ? (sites.table_mask + 1) * 4 : TABLE_FIRST;
	uint32_t *table;

	if (sites.table && sites.node_count + 1 <= (sites.table_mask + 1) / 2)
		return true;
	table = mem_take(room * sizeof(*table));
	if (!table)
		return false;
	for (uint32_t id = 1; id <= sites.node_count; id++)
		if (!sites_node(id)->retired)
			table_put(table, room - 1, id);
	sites.table = table;
	sites.table_mask = room - 1;
	return true;
}

static uint32_t table_find(uint32_t parent, uint64_t pc)
{
	uint32_t at = hash(parent, pc) & sites.table_mask;

	for (uint32_t id; (id = sites.table[at]); at = (at + 1) & sites.table_mask) {
		const struct node *node = sites_node(id);

		if (node->pc == pc && node->parent == parent && !node->retired)
			return id;
	}
	return 0;
}

static uint32_t node_add(uint32_t parent, uint64_t pc)
{
	uint32_t id = sites.node_count + 1;
	struct node **piece = &sites.nodes[id >> PIECE_BITS];

	if (id > SITES_LAST || !table_grow())
		return 0;
	if (!*piece)
		*piece = mem_take(PIECE_ITEMS * sizeof(**piece));
	if (!*piece)
		return 0;
	*sites_node(id) = (struct node){.pc = pc, .parent = parent};
	sites.node_count = id;
	table_put(sites.table, sites.table_mask, id);
	return id;
}

static uint32_t child(uint32_t parent, uint64_t pc)
{
	uint32_t id = sites.table ? table_find(parent, pc) : 0;

	return id ? id : node_add(parent, pc);
}

/* How many frames, from the outermost, are those of the thread's last stack. */
static uint32_t shared_frames(const struct thread *self, const struct stack *stack)
{
	uint32_t shared = 0;

	if (self->stack_generation != sites.generation || stack->cut)
		return 0;
	while (shared < stack->count && shared < self->stack_count &&
	       stack->frames[stack->count - 1 - shared] ==
		       self->stack_frames[self->stack_count - 1 - shared])
		shared++;
	return shared;
}

/* The node that the frames beyond the shared ones hang on; false: no memory. */
static bool outer_node(const struct thread *self, const struct stack *stack, uint32_t shared,
		       uint32_t *node)
{
	*node = 0;
	if (shared)
		*node = self->stack_nodes[stack->count - shared];
	else if (stack->cut)
		*node = child(0, stack->cut);
	return *node || !stack->cut;
}

/* The thread remembers the stack, so that only frames in which the next one differs are looked up.
 * A cut stack is not remembered: its outermost frame is not that of another. */
uint32_t sites_intern(struct thread *self, const struct stack *stack)
{
	uint32_t shared = shared_frames(self, stack);
	uint32_t differing = stack->count - shared;
	uint32_t node;

	memmove(self->stack_nodes + differing, self->stack_nodes + self->stack_count - shared,
		shared * sizeof(*self->stack_nodes));
	self->stack_count = 0; /* nothing is remembered if we fail half-way */
	if (!outer_node(self, stack, shared, &node))
		return 0;
	for (uint32_t i = differing; i-- > 0;) {
		node = child(node, (uint64_t)stack->frames[i]);
		if (!node)
			return 0;
		self->stack_nodes[i] = node;
	}
	memcpy(self->stack_frames, stack->frames, stack->count * sizeof(*stack->frames));
	self->stack_count = stack->cut ? 0 : stack->count;
	self->stack_generation = sites.generation;
	return node;
}

static uint32_t site_add(struct node *node, uint32_t node_id, uint32_t domain)
{
	uint32_t id = sites.site_count + 1;
	struct site **piece = &sites.sites[id >> PIECE_BITS];

	if (id > SITES_LAST)
		return 0;
	if (!*piece)
		*piece = mem_take(PIECE_ITEMS * sizeof(**piece));
	if (!*piece)
		return 0;
	*sites_site(id) =
		(struct site){.node = node_id, .domain = domain, .next = node->first_site};
	node->first_site = id;
	sites.site_count = id;
	return id;
}

uint32_t sites_find(uint32_t node_id, uint32_t domain)
{
	struct node *node = sites_node(node_id);
	uint32_t id = node->first_site;

	while (id && sites_site(id)->domain != domain)
		id = sites_site(id)->next;
	return id ? id : site_add(node, node_id, domain);
}

void sites_retire(uint64_t start, uint64_t end, uint32_t module)
{
	for (uint32_t id = 1; id <= sites.node_count; id++) {
		struct node *node = sites_node(id);

		if (node->pc < start || node->pc > end || node->retired)
			continue;
		if (!node->resolved) {
			node->module = module;
			node->resolved = true;
		}
		node->retired = true;
	}
	sites.generation++;
}
