/* SPDX-License-Identifier: MIT */
/*
 * The shim's own memory, from the kernel and never from malloc.
 *
 * Memory is handed out and never given back: tables grow in pieces that do not move, and what
 * becomes free is reused by its owner. Pages that nobody touches cost address space only. Safe
 * from any thread.
 */
#ifndef PRELOAD_MEM_H
#define PRELOAD_MEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MEM_PAGE_BYTES 4096u /* the smallest that there are */

static inline size_t mem_whole_pages(size_t bytes)
{
	return (bytes + MEM_PAGE_BYTES - 1) & ~(size_t)(MEM_PAGE_BYTES - 1);
}

/* Whether there is so much to be had that a guest takes nothing away from the program. */
bool mem_is_ample(void);

/* Zeroed, 64-byte aligned; NULL when the kernel has none. */
void *mem_take(size_t bytes);

/* A whole mapping that may be grown: for scratch space. Zeroed; NULL when the kernel has none. */
void *mem_map(size_t bytes);
void mem_unmap(void *block, size_t bytes);

/* Gives the pages of a mapping back to the system until they are used again; they are zero then. */
void mem_discard(void *block, size_t bytes);

/* Has the pages of a mapping there, all at once where the kernel can do that (Linux 5.14). What is
 * in them is lost. */
void mem_populate(void *block, size_t bytes);

/* Across a fork: no other thread may be half-way through. False: gave up. */
bool mem_hold(void);
void mem_release(void);
void mem_child(void);

/* Memory that a library mapped on our behalf, and unmaps again: for mem_each_within(). */
void mem_note(const void *block, size_t bytes);
void mem_forget(const void *block, size_t bytes);

/* Calls `each` for what lies within [start, end) of every mapping of ours; the callback may not
 * come back here. Where there are a great many mappings, some are not known. */
void mem_each_within(uint64_t start, uint64_t end,
		     void (*each)(uint64_t start, uint64_t end, void *context), void *context);

/* Bytes asked of the kernel so far. Touched pages may be fewer. */
uint64_t mem_bytes(void);

#endif
