/* SPDX-License-Identifier: MIT */
/* The shim's own heap calls; see own.h. */
#include "own.h"

#include "account.h"
#include "world.h"

static struct {
	_Atomic uint64_t allocations, allocated_bytes, frees, freed_bytes;
} own;

void own_gone(uint64_t size)
{
	add_relaxed(&own.frees, 1);
	add_relaxed(&own.freed_bytes, size);
}

static void own_come(uint64_t size)
{
	add_relaxed(&own.allocations, 1);
	add_relaxed(&own.allocated_bytes, size);
}

void own_or_program_gone(struct thread *self, struct live_block old)
{
	if (old.site == LIVE_OWN)
		own_gone(old.size);
	else if (old.site)
		account_gone(self, old, false);
}

static void put(struct thread *self, const void *block, struct live_block entry)
{
	struct live_block old;

	live_put(LIVE_HEAP, block, entry, &old);
	own_or_program_gone(self, old);
}

void own_alloc(const void *block, uint64_t size)
{
	struct thread *self = thread_self;

	if (!block || !world_enter_section(self))
		return;
	own_come(size);
	put(self, block, (struct live_block){.site = LIVE_OWN, .size = size});
	world_leave_section(self);
}

void own_free(const void *block)
{
	struct thread *self = thread_self;

	if (!world_enter_section(self))
		return;
	own_or_program_gone(self, live_take(LIVE_HEAP, block));
	world_leave_section(self);
}

void own_resized(const void *old_block, const void *block, uint64_t size)
{
	struct thread *self = thread_self;
	struct live_block entry;

	if (!block && size == 0)
		own_free(old_block);
	if (!block || !world_enter_section(self))
		return;
	entry = live_take(LIVE_HEAP, old_block);
	if (entry.site == LIVE_OWN) {
		own_gone(entry.size);
		own_come(size);
		entry.size = size;
	}
	if (entry.site)
		put(self, block, entry);
	world_leave_section(self);
}

struct own_totals own_totals(void)
{
	return (struct own_totals){
		load_relaxed(&own.allocations),
		load_relaxed(&own.allocated_bytes),
		load_relaxed(&own.frees),
		load_relaxed(&own.freed_bytes),
	};
}

void own_child(void)
{
	store_relaxed(&own.allocations, 0);
	store_relaxed(&own.allocated_bytes, 0);
	store_relaxed(&own.frees, 0);
	store_relaxed(&own.freed_bytes, 0);
}
