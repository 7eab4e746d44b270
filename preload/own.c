/* SPDX-License-Identifier: MIT */
/* The shim's own heap calls; see own.h. */
#include "own.h"

#include "account.h"
#include "tables.h"

static struct own_totals own;

void own_gone(uint64_t size)
{
	own.frees++;
	own.freed_bytes += size;
}

void own_or_program_gone(struct live_block old)
{
	if (old.site == LIVE_OWN)
		own_gone(old.size);
	else if (old.site)
		account_free(old.site, old.size, false);
}

static void put(const void *block, struct live_block entry)
{
	struct live_block old = {0, 0};

	live_put(LIVE_HEAP, block, entry, &old);
	own_or_program_gone(old);
}

void own_alloc(const void *block, uint64_t size)
{
	if (!block || !tables_take())
		return;
	own.allocations++;
	own.allocated_bytes += size;
	put(block, (struct live_block){LIVE_OWN, size});
	tables_drop();
}

void own_free(const void *block)
{
	if (!tables_take())
		return;
	own_or_program_gone(live_take(LIVE_HEAP, block));
	tables_drop();
}

void own_resized(const void *old_block, const void *block, uint64_t size)
{
	struct live_block entry;

	if (!block && size == 0)
		own_free(old_block);
	if (!block || !tables_take())
		return;
	entry = live_take(LIVE_HEAP, old_block);
	if (entry.site == LIVE_OWN) {
		own_gone(entry.size);
		own.allocations++;
		own.allocated_bytes += size;
		entry.size = size;
	}
	if (entry.site)
		put(block, entry);
	tables_drop();
}

struct own_totals own_totals(void)
{
	return own;
}

void own_child(void)
{
	own = (struct own_totals){0};
}
