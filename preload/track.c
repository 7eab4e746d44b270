/* SPDX-License-Identifier: MIT */
/* From an event to the tables; see track.h. */
#include "track.h"

#include "account.h"
#include "capture/capture.h"
#include "domains.h"
#include "maps.h"
#include "own.h"
#include "pace.h"
#include "sites.h"
#include "tables.h"

struct lock tables_lock;

/* After the event, outside the lock: the thread that passes a deadline does what is due. */
static void finish(void)
{
	bool due = pace_tick();

	tables_drop();
	if (unlikely(due))
		pace_act();
}

static uint32_t find_site(struct thread *self, const struct stack *stack, uint32_t domain)
{
	uint32_t node = sites_intern(self, stack);
	uint32_t site = node ? sites_find(node, domain) : 0;

	if (unlikely(!site))
		lost_add(HEAPMARK_LOSS_NO_MEMORY, 1);
	return site;
}

/* A piece goes with the storage that it was handed out of. */
static void piece_gone(struct live_block piece)
{
	account_free(piece.site, piece.size, false);
}

static void forget_pieces(const void *block, struct live_block entry)
{
	if (likely(sites_site(entry.site)->domain != HEAPMARK_DOMAIN_ARENA))
		return;
	domain_forget_storage();
	live_take_range(LIVE_PIECES, (uint64_t)block, (uint64_t)block + entry.size, piece_gone);
}

/* Forgets a block of the heap, with whatever pools had handed out of it. Site 0 if it is not the
 * program's. */
static struct live_block take_block(const void *block)
{
	struct live_block old = live_take(LIVE_HEAP, block);

	if (unlikely(!old.site)) {
		lost_add(HEAPMARK_LOSS_UNKNOWN_FREE, 1);
	} else if (unlikely(old.site == LIVE_OWN)) {
		own_gone(old.size);
		old.site = 0;
	} else {
		forget_pieces(block, old);
	}
	return old;
}

/* Records a live block. What was believed live at its address must have been freed unseen. */
static bool put(enum live_map map, const void *block, uint32_t site, size_t size)
{
	struct live_block old;

	if (unlikely(!live_put(map, block, (struct live_block){site, size}, &old))) {
		lost_add(HEAPMARK_LOSS_NO_MEMORY, 1);
		return false;
	}
	if (likely(!old.site))
		return true;
	lost_add(HEAPMARK_LOSS_DOUBLE_ALLOC, 1);
	own_or_program_gone(old);
	return true;
}

void track_alloc(struct thread *self, void *caller, const void *block, size_t size)
{
	struct stack stack = capture_stack(self, caller);
	uint32_t site;

	if (!tables_take())
		return;
	site = find_site(self, &stack, HEAPMARK_DOMAIN_MALLOC);
	if (site && put(LIVE_HEAP, block, site, size))
		account_alloc(site, size);
	self->last_block = block;
	finish();
}

void track_alloc_if_new(struct thread *self, void *caller, const void *block, size_t size)
{
	bool known;

	if (!tables_take())
		return;
	known = live_is_known(LIVE_HEAP, block);
	tables_drop();
	if (!known)
		track_alloc(self, caller, block, size);
}

void track_free(struct thread *self, const void *block)
{
	struct live_block old;

	if (!tables_take())
		return;
	old = take_block(block);
	if (likely(old.site))
		account_free(old.site, old.size, block == self->last_block);
	self->last_block = NULL;
	finish();
}

struct live_block track_realloc_begin(struct thread *self, const void *block)
{
	struct live_block old = {0, 0};

	self->last_block = NULL;
	if (!tables_take())
		return old;
	old = take_block(block);
	tables_drop();
	return old;
}

static void realloc_done(struct thread *self, void *caller, struct live_block old,
			 const void *block, size_t size)
{
	struct stack stack = capture_stack(self, caller);
	uint32_t site;
	bool kept;

	if (!tables_take())
		return;
	site = find_site(self, &stack, HEAPMARK_DOMAIN_MALLOC);
	kept = site && put(LIVE_HEAP, block, site, size);
	if (kept && old.site)
		account_realloc(old.site, old.size, site, size);
	else if (kept)
		account_alloc(site, size);
	else if (old.site)
		account_free(old.site, old.size, false);
	self->last_block = block;
	finish();
}

static void realloc_freed(struct live_block old)
{
	if (!old.site || !tables_take())
		return;
	account_free(old.site, old.size, false);
	finish();
}

static void realloc_failed(const void *old_block, struct live_block old)
{
	if (!old.site || !tables_take())
		return;
	put(LIVE_HEAP, old_block, old.site, old.size);
	finish();
}

void track_realloc_end(struct thread *self, void *caller, struct live_block old,
		       const void *old_block, const void *block, size_t size)
{
	if (block)
		realloc_done(self, caller, old, block, size);
	else if (size == 0)
		realloc_freed(old); /* realloc(p, 0) frees */
	else
		realloc_failed(old_block, old);
	if (!block && size)
		track_failed();
}

void track_map(struct thread *self, void *caller, const void *start, size_t bytes)
{
	struct stack stack = capture_stack(self, caller);
	uint32_t site;

	if (!tables_take())
		return;
	site = find_site(self, &stack, HEAPMARK_DOMAIN_MMAP);
	if (site && !maps_add((uint64_t)start, bytes, site))
		lost_add(HEAPMARK_LOSS_NO_MEMORY, 1);
	finish();
}

void track_map_again(struct thread *self, void *caller, const void *old, const void *start,
		     size_t bytes)
{
	bool known;

	if (!tables_take())
		return;
	known = maps_knows((uint64_t)old);
	tables_drop();
	if (known)
		track_map(self, caller, start, bytes);
}

void track_unmap(const void *start, size_t bytes)
{
	if (!tables_take())
		return;
	maps_remove((uint64_t)start, bytes);
	finish();
}

void track_remap(const void *old, size_t old_bytes, const void *start, size_t bytes)
{
	if (!tables_take())
		return;
	maps_move((uint64_t)old, old_bytes, (uint64_t)start, bytes);
	finish();
}

/* The malloc block that a piece lies in becomes storage: its bytes are the pool's pieces now. */
static void find_storage(uint32_t domain, const void *piece)
{
	struct domain_storage *known = domain_storage(domain);
	uint64_t address = (uint64_t)piece, start;
	struct live_block block, old;
	uint32_t arena;

	if (address >= known->start && address < known->end)
		return;
	start = live_spanning(LIVE_HEAP, piece, &block);
	if (!start || block.site == LIVE_OWN)
		return;
	*known = (struct domain_storage){start, start + block.size};
	if (sites_site(block.site)->domain == HEAPMARK_DOMAIN_ARENA)
		return;
	arena = sites_find(sites_site(block.site)->node, HEAPMARK_DOMAIN_ARENA);
	if (arena &&
	    live_put(LIVE_HEAP, (void *)start, (struct live_block){arena, block.size}, &old))
		account_move(block.site, arena, block.size);
}

static void add_piece(struct thread *self, const struct stack *stack, const char *pool,
		      const void *block, size_t size, struct live_block old)
{
	uint32_t domain = domain_of_pool(pool);
	uint32_t site = find_site(self, stack, domain);

	find_storage(domain, block);
	if (!site || !put(LIVE_PIECES, block, site, size)) {
		if (old.site)
			account_free(old.site, old.size, false);
		return;
	}
	if (old.site)
		account_realloc(old.site, old.size, site, size);
	else
		account_alloc(site, size);
}

void track_piece(struct thread *self, void *caller, const char *pool, const void *block,
		 size_t size)
{
	struct stack stack = capture_stack(self, caller);

	if (!tables_take())
		return;
	add_piece(self, &stack, pool, block, size, (struct live_block){0, 0});
	finish();
}

void track_piece_moved(struct thread *self, void *caller, const char *pool, const void *old_block,
		       const void *block, size_t size)
{
	struct stack stack = capture_stack(self, caller);
	struct live_block old;

	if (!tables_take())
		return;
	old = live_take(LIVE_PIECES, old_block);
	if (!old.site)
		lost_add(HEAPMARK_LOSS_UNKNOWN_FREE, 1);
	add_piece(self, &stack, pool, block, size, old);
	finish();
}

void track_piece_freed(const void *block)
{
	struct live_block old;

	if (!tables_take())
		return;
	old = live_take(LIVE_PIECES, block);
	if (old.site)
		account_free(old.site, old.size, false);
	else
		lost_add(HEAPMARK_LOSS_UNKNOWN_FREE, 1);
	finish();
}

void track_failed(void)
{
	pace_out_of_memory();
}
