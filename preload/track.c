/* SPDX-License-Identifier: MIT */
/* From an event to the tables; see track.h. */
#include "track.h"

#include "account.h"
#include "capture/capture.h"
#include "domains.h"
#include "live_words.h"
#include "lost.h"
#include "maps.h"
#include "own.h"
#include "pace.h"
#include "real.h"
#include "sample.h"
#include "sites.h"
#include "split.h"
#include "tables.h"
#include "world.h"

struct lock tables_lock;

static bool is_special; /* allocations are sampled, or told apart */

void track_start(void)
{
	is_special = sample_mean || split_asked();
}

/* After the event: the thread that passes a deadline does what is due. */
static HOT void finish(struct thread *self)
{
	if (unlikely(pace_tick(self)))
		pace_act();
}

/* The site of a captured stack; 0: no memory for it or for the stack, which is counted. */
static HOT uint32_t site_of(uint32_t node, uint32_t domain)
{
	uint32_t site = likely(node) ? sites_find(node, domain) : 0;

	if (unlikely(!site))
		lost_add(HEAPMARK_LOSS_NO_MEMORY, 1);
	return site;
}

/* For the domain of nearly all, the site is noted with the stack. */
static HOT uint32_t find_malloc_site(struct thread *self, const struct here *here)
{
	uint32_t node = capture_stack(self, here);
	struct stack_note *note = capture_note(self);
	uint32_t site = note->site;

	if (likely(site))
		return site;
	site = site_of(node, HEAPMARK_DOMAIN_MALLOC);
	if (site && note != &self->stacks.nothing_noted)
		*note = (struct stack_note){cells_get(&self->cells, site), site};
	return site;
}

static uint32_t capture_split(struct thread *self, const struct here *here, size_t size)
{
	uint32_t node = capture_stack(self, here);

	return split_asked() ? split_node(self, node, size) : node;
}

static uint32_t find_split_site(struct thread *self, const struct here *here, size_t size)
{
	if (!split_asked())
		return find_malloc_site(self, here);
	return site_of(capture_split(self, here, size), HEAPMARK_DOMAIN_MALLOC);
}

/* A piece goes with the storage that it was handed out of. */
static void piece_gone(struct live_block piece, void *self)
{
	account_free(self, piece.site, piece.size, false);
}

/* Between finding a block and accounting for it nobody else can see the block. */
static COLD void forget_pieces(struct thread *self, const void *block, uint64_t size)
{
	if (!tables_take())
		return;
	domain_forget_storage();
	if (world_enter_section(self)) {
		live_take_range(LIVE_PIECES, (uint64_t)block, (uint64_t)block + size, piece_gone,
				self);
		world_leave_section(self);
	}
	tables_drop();
}

static COLD struct live_block not_the_programs(struct live_block old, const void *block)
{
	if (old.site == LIVE_OWN)
		own_gone(old.size);
	else if (!sample_mean && !real_is_pool_block(block))
		lost_add(HEAPMARK_LOSS_UNKNOWN_FREE, 1);
	return (struct live_block){.site = 0};
}

/* Forgets a block of the heap, with whatever pools had handed out of it. Site 0 if it is not the
 * program's. */
static HOT struct live_block take_block(struct thread *self, const void *block)
{
	struct live_block old = live_take(LIVE_HEAP, block);

	if (unlikely(!old.site || old.site == LIVE_OWN))
		return not_the_programs(old, block);
	if (unlikely(old.is_arena))
		forget_pieces(self, block, old.size);
	return old;
}

/* What was believed live at an address must have been freed unseen. */
static COLD void was_there(struct thread *self, struct live_block old)
{
	lost_add(HEAPMARK_LOSS_DOUBLE_ALLOC, 1);
	if (!world_enter_section(self))
		return;
	own_or_program_gone(self, old);
	world_leave_section(self);
}

/* Records a live block. */
static HOT bool put(struct thread *self, const void *block, struct live_block entry)
{
	struct live_block old;
	bool done = unlikely(self->serving) ? live_put_close(block, entry, &old)
					    : live_put(LIVE_HEAP, block, entry, &old);

	if (unlikely(!done)) {
		lost_add(HEAPMARK_LOSS_NO_MEMORY, 1);
		return false;
	}
	if (unlikely(old.site))
		was_there(self, old);
	return true;
}

static COLD void take_back(const void *block)
{
	live_take(LIVE_HEAP, block);
	lost_add(HEAPMARK_LOSS_NO_MEMORY, 1);
}

static void sample_block(struct thread *self, const struct here *here, const void *block,
			 size_t size, bool is_realloc)
{
	struct live_block entry = {.size = size};

	if (!sample_hits(self, size))
		return;
	entry.site = find_split_site(self, here, size);
	entry.heavier = sample_is_heavier(self, size);
	sample_draw(self);
	if (!entry.site || !put(self, block, entry) || !world_enter_section(self))
		return;
	account_sample_alloc(self, entry.site, sample_weight(size, entry.heavier), is_realloc);
	world_leave_section(self);
}

/* `words` is live_near() of the block. */
static HOT void record(struct thread *self, live_word *words, uint32_t site, const void *block,
		       size_t size)
{
	bool done;

	if (unlikely(self->serving) || unlikely(!live_put_plain(words, block, site, size)))
		if (!put(self, block, (struct live_block){.site = site, .size = size}))
			return;
	if (unlikely(!world_enter_section(self))) {
		live_take(LIVE_HEAP, block); /* lost, and not to be missed later */
		return;
	}
	done = account_alloc(self, site, size);
	world_leave_section(self);
	if (unlikely(!done))
		take_back(block);
}

static COLD void special_alloc(struct thread *self, const struct here *here, const void *block,
			       size_t size)
{
	uint32_t site;

	if (sample_mean) {
		sample_block(self, here, block, size, false);
	} else {
		site = find_split_site(self, here, size);
		if (site)
			record(self, live_near(block), site, block, size);
	}
	self->last_block = block;
	finish(self);
}

void track_alloc(struct thread *self, const struct here *here, const void *block, size_t size)
{
	live_word *words;
	uint32_t site;

	if (unlikely(is_special)) {
		special_alloc(self, here, block, size);
		return;
	}
	words = live_near(block);
	site = find_malloc_site(self, here);
	if (likely(site))
		record(self, words, site, block, size);
	self->last_block = block;
	finish(self);
}

void track_alloc_if_new(struct thread *self, const struct here *here, const void *block,
			size_t size, uint64_t allowance)
{
	if (live_is_known(LIVE_HEAP, block) ||
	    (sample_mean && allowance && self->allowance != allowance))
		return;
	self->serving = true; /* its blocks may be closer than our allocator's */
	track_alloc(self, here, block, size);
	self->serving = false;
}

static void gone(struct thread *self, struct live_block old, bool temporary)
{
	if (!old.site || !world_enter_section(self))
		return;
	account_gone(self, old, temporary);
	world_leave_section(self);
}

static NOINLINE bool free_of_another_kind(struct thread *self, const void *block, bool temporary)
{
	struct live_block old = take_block(self, block);

	gone(self, old, temporary);
	finish(self);
	return old.site;
}

bool track_free(struct thread *self, const void *block)
{
	bool temporary = block == self->last_block;
	uint64_t size;
	uint32_t site = unlikely(sample_mean) ? 0 : live_take_plain(block, &size);

	self->last_block = NULL;
	if (unlikely(!site))
		return free_of_another_kind(self, block, temporary);
	if (likely(world_enter_section(self))) {
		account_free(self, site, size, temporary);
		world_leave_section(self);
	}
	finish(self);
	return true;
}

struct live_block track_realloc_begin(struct thread *self, const void *block)
{
	self->last_block = NULL;
	return take_block(self, block);
}

static void realloc_done(struct thread *self, const struct here *here, struct live_block old,
			 const void *block, size_t size)
{
	uint32_t site = find_split_site(self, here, size);
	struct live_block entry = {.site = site, .size = size};

	if (!site || !put(self, block, entry)) {
		gone(self, old, false);
		return;
	}
	if (!world_enter_section(self))
		return;
	if (old.site && !old.is_arena) {
		account_realloc(self, old.site, old.size, site, size);
	} else {
		if (old.site) /* storage is in no totals, and the new block is none */
			account_gone(self, old, false);
		account_alloc(self, site, size);
	}
	world_leave_section(self);
}

static COLD void sampled_realloc_done(struct thread *self, const struct here *here,
				      struct live_block old, const void *block, size_t size)
{
	gone(self, old, false);
	sample_block(self, here, block, size, true);
}

void track_realloc_end(struct thread *self, const struct here *here, struct live_block old,
		       const void *old_block, const void *block, size_t size)
{
	if (block && unlikely(sample_mean))
		sampled_realloc_done(self, here, old, block, size);
	else if (block)
		realloc_done(self, here, old, block, size);
	else if (size == 0)
		gone(self, old, false); /* realloc(p, 0) frees */
	else if (old.site)
		put(self, old_block, old); /* failed: it is as it was */
	self->last_block = block;
	finish(self);
	if (!block && size)
		track_failed();
}

/* What changes maps or pieces: under the lock and in a section. False: neither. */
static bool begin_change(struct thread *self)
{
	if (!tables_take())
		return false;
	if (world_enter_section(self))
		return true;
	tables_drop();
	return false;
}

static void end_change(struct thread *self)
{
	world_leave_section(self);
	tables_drop();
	finish(self);
}

void track_map(struct thread *self, const struct here *here, const void *start, size_t bytes)
{
	uint32_t node = capture_split(self, here, bytes);
	uint32_t site = site_of(node, HEAPMARK_DOMAIN_MMAP);

	if (!site || !begin_change(self))
		return;
	if (!maps_add(self, (uint64_t)start, bytes, site))
		lost_add(HEAPMARK_LOSS_NO_MEMORY, 1);
	end_change(self);
}

void track_map_again(struct thread *self, const struct here *here, const void *old,
		     const void *start, size_t bytes)
{
	bool known;

	if (!tables_take())
		return;
	known = maps_knows((uint64_t)old);
	tables_drop();
	if (known)
		track_map(self, here, start, bytes);
}

void track_unmap(struct thread *self, const void *start, size_t bytes)
{
	if (!begin_change(self))
		return;
	maps_remove(self, (uint64_t)start, bytes);
	end_change(self);
}

struct track_remap track_remap_begin(const void *old, size_t old_bytes)
{
	struct track_remap remap = {.at_end = false};

	if (!tables_take())
		return remap;
	remap.at_end = !maps_takes((uint64_t)old, old_bytes, &remap.taken);
	tables_drop();
	return remap;
}

void track_remap_end(struct thread *self, struct track_remap remap, const void *old,
		     size_t old_bytes, const void *start, size_t bytes)
{
	if (!begin_change(self))
		return;
	if (remap.at_end && start)
		maps_move(self, (uint64_t)old, old_bytes, (uint64_t)start, bytes);
	else if (start)
		maps_put(self, remap.taken, (uint64_t)start, bytes);
	else
		maps_put(self, remap.taken, (uint64_t)old, remap.taken.bytes);
	end_change(self);
}

/* The malloc block that a piece lies in becomes storage: its bytes are the pool's pieces now. */
static void find_storage(struct thread *self, uint32_t domain, const void *piece)
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
	if (block.is_arena)
		return;
	arena = sites_find(sites_get(block.site)->node, HEAPMARK_DOMAIN_ARENA);
	if (arena &&
	    live_put(LIVE_HEAP, (void *)start,
		     (struct live_block){.site = arena, .is_arena = true, .size = block.size},
		     &old))
		account_move(self, block.site, arena, block.size);
}

static void add_piece(struct thread *self, uint32_t node, const char *pool, const void *block,
		      size_t size, struct live_block old)
{
	uint32_t domain = domain_of_pool(pool);
	uint32_t site = node ? sites_find(node, domain) : 0;
	struct live_block entry = {.site = site, .size = size}, there;

	find_storage(self, domain, block);
	if (!site || !live_put(LIVE_PIECES, block, entry, &there)) {
		lost_add(HEAPMARK_LOSS_NO_MEMORY, 1);
		if (old.site)
			account_free(self, old.site, old.size, false);
		return;
	}
	if (there.site) {
		lost_add(HEAPMARK_LOSS_DOUBLE_ALLOC, 1);
		account_free(self, there.site, there.size, false);
	}
	if (old.site)
		account_realloc(self, old.site, old.size, site, size);
	else
		account_alloc(self, site, size);
}

/* Pieces are not sampled, so they would count twice beside blocks that are. */
static bool sees_pieces(void)
{
	return !sample_mean;
}

void track_piece(struct thread *self, const struct here *here, const char *pool, const void *block,
		 size_t size)
{
	uint32_t node = sees_pieces() ? capture_split(self, here, size) : 0;

	if (!sees_pieces() || !begin_change(self))
		return;
	add_piece(self, node, pool, block, size, (struct live_block){.site = 0});
	end_change(self);
}

void track_piece_moved(struct thread *self, const struct here *here, const char *pool,
		       const void *old_block, const void *block, size_t size)
{
	uint32_t node = sees_pieces() ? capture_split(self, here, size) : 0;
	struct live_block old;

	if (!sees_pieces() || !begin_change(self))
		return;
	old = live_take(LIVE_PIECES, old_block);
	if (!old.site)
		lost_add(HEAPMARK_LOSS_UNKNOWN_FREE, 1);
	add_piece(self, node, pool, block, size, old);
	end_change(self);
}

void track_piece_freed(struct thread *self, const void *block)
{
	struct live_block old;

	if (!sees_pieces() || !begin_change(self))
		return;
	old = live_take(LIVE_PIECES, block);
	if (old.site)
		account_free(self, old.site, old.size, false);
	else
		lost_add(HEAPMARK_LOSS_UNKNOWN_FREE, 1);
	end_change(self);
}

void track_failed(void)
{
	pace_out_of_memory();
}
