/* SPDX-License-Identifier: MIT */
/* The table of calls: pieces that do not move, found through open addressing; see calls.h. */
#include "capture/calls.h"

#include "capture/unwind.h"
#include "heapmark/format.h"
#include "mem.h"

#define PIECE_ITEMS (1u << CALLS_PIECE_BITS)
#define TABLE_FIRST (1u << 10)

struct table {
	uint32_t mask;
	_Atomic uint32_t ids[]; /* 0 is free; a retired call's place is taken by call 0xffffffff */
};
#define GONE UINT32_MAX

struct call *calls_pieces[CALLS_MAX >> CALLS_PIECE_BITS];
struct call_place *calls_places[CALLS_MAX >> CALLS_PIECE_BITS];
_Atomic uint32_t calls_generation;
struct lock capture_lock;

static struct {
	struct table *_Atomic table;
	_Atomic uint32_t count;
	uint32_t used; /* places in the table, with those of retired calls */
} calls;

static uint32_t hash(uint64_t pc)
{
	return (uint32_t)((pc * 0x9E3779B97F4A7C15u) >> 32);
}

static bool make_piece(uint32_t id)
{
	struct call **piece = &calls_pieces[id >> CALLS_PIECE_BITS];
	struct call_place **places = &calls_places[id >> CALLS_PIECE_BITS];

	if (!*piece)
		*piece = mem_take(PIECE_ITEMS * sizeof(**piece));
	if (!*places)
		*places = mem_take(PIECE_ITEMS * sizeof(**places));
	return *piece && *places;
}

static void table_put(struct table *table, uint32_t id)
{
	uint32_t at = hash(calls_get(id)->pc) & table->mask;

	while (load_relaxed(&table->ids[at]))
		at = (at + 1) & table->mask;
	store_release(&table->ids[at], id); /* pairs with look_up() */
}

/* At most half full. Readers may go on with the old table: what they miss they look for again. */
static bool table_grow(void)
{
	struct table *old = load_relaxed(&calls.table), *table;
	uint32_t room = old ? (old->mask + 1) * 2 : TABLE_FIRST;

	if (old && calls.used + 1 <= (old->mask + 1) / 2)
		return true;
	table = mem_take(sizeof(*table) + room * sizeof(*table->ids));
	if (!table)
		return false;
	table->mask = room - 1;
	calls.used = 0;
	for (uint32_t id = 1; id <= load_relaxed(&calls.count); id++) {
		if (load_relaxed(&calls_place(id)->retired))
			continue;
		table_put(table, id);
		calls.used++;
	}
	store_release(&calls.table, table); /* pairs with look_up() */
	return true;
}

static uint32_t look_up(uint64_t pc)
{
	const struct table *table = load_acquire(&calls.table); /* pairs with table_grow() */
	uint32_t at = hash(pc), id;

	if (!table)
		return 0;
	/* Pairs with table_put(). */
	for (at &= table->mask; (id = load_acquire(&table->ids[at])); at = (at + 1) & table->mask)
		if (id != GONE && calls_get(id)->pc == pc)
			return id;
	return 0;
}

bool calls_start(void)
{
	return make_piece(0);
}

/* With the lock. */
static uint32_t add(uint64_t pc, struct rule rule)
{
	uint32_t id = load_relaxed(&calls.count) + 1;

	if (id >= CALLS_MAX || !make_piece(id) || !table_grow())
		return 0;
	calls_pieces[id >> CALLS_PIECE_BITS][id & (PIECE_ITEMS - 1)] = (struct call){pc, rule};
	store_release(&calls.count, id); /* pairs with calls_count() */
	table_put(load_relaxed(&calls.table), id);
	calls.used++;
	return id;
}

static NOINLINE uint32_t make(uint64_t pc)
{
	struct rule rule = {.kind = RULE_NONE};
	uint32_t id;

	if (heapmark_is_address(pc))
		rule = rule_find(pc); /* not under the lock */
	if (!lock_take(&capture_lock))
		return 0;
	id = look_up(pc);
	if (!id)
		id = add(pc, rule);
	lock_drop(&capture_lock);
	return id;
}

uint32_t calls_find(uint64_t pc)
{
	uint32_t id = look_up(pc);

	return likely(id) ? id : make(pc);
}

uint32_t calls_count(void)
{
	return load_acquire(&calls.count); /* pairs with add() */
}

static void forget(uint32_t id)
{
	struct table *table = load_relaxed(&calls.table);
	uint32_t at = hash(calls_get(id)->pc) & table->mask;

	while (load_relaxed(&table->ids[at]) != id)
		at = (at + 1) & table->mask;
	store_relaxed(&table->ids[at], GONE);
}

void calls_retire(uint64_t start, uint64_t end, uint32_t module)
{
	if (!lock_take(&capture_lock))
		return;
	for (uint32_t id = 1; id <= load_relaxed(&calls.count); id++) {
		struct call_place *place = calls_place(id);
		uint64_t pc = calls_get(id)->pc;

		if (pc < start || pc > end || load_relaxed(&place->retired))
			continue;
		if (!load_relaxed(&place->resolved)) {
			store_relaxed(&place->module, module);
			store_relaxed(&place->resolved, true);
		}
		store_relaxed(&place->retired, true);
		forget(id);
	}
	lock_drop(&capture_lock);
	unwind_code_gone();
	add_relaxed(&calls_generation, 1);
}
