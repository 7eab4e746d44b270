/* SPDX-License-Identifier: MIT */
/* Private memory by mmap; see mem.h. Uses the raw system call: mmap() itself is one of our hooks.
 */
#include "mem.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "atomic.h"
#include "lock.h"
#include "sys.h"

#define CHUNK_BYTES (4u << 20)
#define ALIGN_BYTES 64u
#define AMPLE_BYTES (32u << 20)

/* Our mappings, a word each: the first page above, how many pages below. 0: free. */
#define OWNED          512
#define OWNED_BITS     28
#define OWNED_PAGES    ((1ull << OWNED_BITS) - 1)
#define PAGES_OF(word) ((word)&OWNED_PAGES)
#define START_OF(word) ((word) >> OWNED_BITS)

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

static struct {
	struct lock lock;        /* a leaf: nothing else is taken under it */
	char *at, *end;          /* what is left of the newest chunk */
	_Atomic uint64_t mapped; /* written by whoever maps, read by anybody: a lone counter */
	_Atomic uint64_t owned[OWNED]; /* each changed as a whole, by anybody */
} mem;

static uint64_t owned_word(const void *block, size_t bytes)
{
	uint64_t pages = mem_whole_pages(bytes) / MEM_PAGE_BYTES;

	return (uint64_t)block / MEM_PAGE_BYTES << OWNED_BITS | (pages & OWNED_PAGES);
}

static bool replace_owned(uint64_t old, uint64_t word)
{
	for (size_t i = 0; i < OWNED; i++)
		if (load_relaxed(&mem.owned[i]) == old &&
		    atomic_compare_exchange_strong(&mem.owned[i], &old, word))
			return true;
	return false;
}

/* What is never given back becomes one with a neighbour: the kernel puts the next mapping below the
 * last one, as a rule. */
static void join_owned(uint64_t word)
{
	for (size_t i = 0; i < OWNED; i++) {
		uint64_t old = load_relaxed(&mem.owned[i]);
		uint64_t pages = PAGES_OF(old) + PAGES_OF(word);

		if (old && START_OF(word) + PAGES_OF(word) == START_OF(old) &&
		    pages <= OWNED_PAGES &&
		    replace_owned(old, START_OF(word) << OWNED_BITS | pages))
			return;
	}
	replace_owned(0, word);
}

void mem_note(const void *block, size_t bytes)
{
	replace_owned(0, owned_word(block, bytes));
}

void mem_forget(const void *block, size_t bytes)
{
	replace_owned(owned_word(block, bytes), 0);
}

void mem_each_within(uint64_t start, uint64_t end,
		     void (*each)(uint64_t start, uint64_t end, void *context), void *context)
{
	for (size_t i = 0; i < OWNED; i++) {
		uint64_t word = load_relaxed(&mem.owned[i]);
		uint64_t from = START_OF(word) * MEM_PAGE_BYTES;
		uint64_t to = from + PAGES_OF(word) * MEM_PAGE_BYTES;

		if (from < start)
			from = start;
		if (to > end)
			to = end;
		if (from < to)
			each(from, to, context);
	}
}

static void *map_pages(size_t bytes)
{
	int saved_errno = errno;
	long got = sys_call(SYS_mmap, NULL, bytes, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	errno = saved_errno;
	if (got == -1)
		return NULL;
	add_relaxed(&mem.mapped, bytes);
	return (void *)got;
}

void *mem_map(size_t bytes)
{
	void *block = map_pages(bytes);

	if (block)
		mem_note(block, bytes);
	return block;
}

static void *map_for_good(size_t bytes)
{
	void *block = map_pages(bytes);

	if (block)
		join_owned(owned_word(block, bytes));
	return block;
}

void mem_unmap(void *block, size_t bytes)
{
	int saved_errno = errno;

	if (!block)
		return;
	mem_forget(block, bytes); /* before another thread maps the same place */
	sys_call(SYS_munmap, block, bytes);
	errno = saved_errno;
	add_relaxed(&mem.mapped, -(uint64_t)bytes);
}

void mem_discard(void *block, size_t bytes)
{
	int saved_errno = errno;

	if (block)
		sys_call(SYS_madvise, block, bytes, MADV_DONTNEED);
	errno = saved_errno;
}

void mem_populate(void *block, size_t bytes)
{
	int saved_errno = errno;
	volatile char *pages = block;

	if (sys_call(SYS_madvise, block, bytes, MADV_POPULATE_WRITE) != 0)
		for (size_t at = 0; at < bytes; at += MEM_PAGE_BYTES)
			pages[at] = 0;
	errno = saved_errno;
}

bool mem_is_ample(void)
{
	void *block = mem_map(AMPLE_BYTES);

	mem_unmap(block, AMPLE_BYTES);
	return block != NULL;
}

/* All or nothing: where there is less, what is left is the program's. */
static bool add_chunk(void)
{
	char *chunk = map_for_good(CHUNK_BYTES);

	if (!chunk)
		return false;
	mem.at = chunk;
	mem.end = chunk + CHUNK_BYTES;
	return true;
}

void *mem_take(size_t bytes)
{
	size_t need = (bytes + ALIGN_BYTES - 1) & ~(size_t)(ALIGN_BYTES - 1);
	char *block = NULL;

	if (need >= CHUNK_BYTES / 4)
		return map_for_good(mem_whole_pages(bytes));
	if (!lock_take(&mem.lock))
		return NULL;
	if ((size_t)(mem.end - mem.at) >= need || add_chunk()) {
		block = mem.at;
		mem.at += need;
	}
	lock_drop(&mem.lock);
	return block;
}

bool mem_hold(void)
{
	return lock_take(&mem.lock);
}

void mem_release(void)
{
	lock_drop(&mem.lock);
}

void mem_child(void)
{
	lock_reset(&mem.lock);
}

uint64_t mem_bytes(void)
{
	return load_relaxed(&mem.mapped);
}
