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

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

static struct {
	struct lock lock;        /* a leaf: nothing else is taken under it */
	char *at, *end;          /* what is left of the newest chunk */
	_Atomic uint64_t mapped; /* written by whoever maps, read by anybody: a lone counter */
} mem;

static size_t round_up(size_t bytes, size_t unit)
{
	return (bytes + unit - 1) / unit * unit;
}

void *mem_map(size_t bytes)
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

void mem_unmap(void *block, size_t bytes)
{
	int saved_errno = errno;

	if (!block)
		return;
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
	char *chunk = mem_map(CHUNK_BYTES);

	if (!chunk)
		return false;
	mem.at = chunk;
	mem.end = chunk + CHUNK_BYTES;
	return true;
}

void *mem_take(size_t bytes)
{
	size_t need = round_up(bytes, ALIGN_BYTES);
	char *block = NULL;

	if (need >= CHUNK_BYTES / 4)
		return mem_map(round_up(bytes, MEM_PAGE_BYTES));
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
