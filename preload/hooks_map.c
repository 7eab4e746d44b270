/* SPDX-License-Identifier: MIT */
/*
 * The interposed mapping functions: anonymous maps that the program makes itself are a domain of
 * their own. Maps of files only matter where they cover an anonymous one.
 *
 * An allocator's own maps are not the program's, and must be left alone: the allocator holds its
 * lock meanwhile, and an unwinder that is new to the thread allocates.
 */
#undef _FILE_OFFSET_BITS /* or mmap() would be given mmap64()'s name */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "capture/here.h"
#include "export.h"
#include "mem.h"
#include "modules.h"
#include "own.h"
#include "real.h"
#include "thread.h"
#include "track.h"

#define CALLER __builtin_return_address(0)

#define ADDRESS_BITS_MAX 57 /* of any kernel */

/* The kernel unmaps pages as a whole. */
static size_t whole_pages(size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return (size + page - 1) / page * page;
}

static void *observe_map(void *start, size_t size, int flags, const struct here *here)
{
	struct thread *self;

	if (start == MAP_FAILED || modules_is_allocator((void *)here->pc))
		return start;
	if (own_is_calling() && flags & MAP_ANONYMOUS)
		mem_note(start, size); /* libunwind's */
	self = thread_enter();
	if (!self)
		return start;
	if (flags & MAP_ANONYMOUS)
		track_map(self, here, start, size);
	else if (flags & MAP_FIXED)
		track_unmap(self, start, whole_pages(size));
	thread_leave(self);
	return start;
}

HEAPMARK_EXPORT void *mmap(void *at, size_t size, int prot, int flags, int fd, off_t offset)
{
	real_resolve();
	return observe_map(real.mmap(at, size, prot, flags, fd, offset), size, flags, HERE());
}

HEAPMARK_EXPORT void *mmap64(void *at, size_t size, int prot, int flags, int fd, off64_t offset)
{
	real_resolve();
	return observe_map(real.mmap64(at, size, prot, flags, fd, offset), size, flags, HERE());
}

/* What the kernel refuses whatever is mapped. */
static bool can_be_mapped(const void *start, size_t size)
{
	return (uintptr_t)start % (size_t)sysconf(_SC_PAGESIZE) == 0 &&
	       size >> ADDRESS_BITS_MAX == 0;
}

/* Forgotten first: another thread may map the same place as soon as it is free. (A munmap() that
 * fails at the system's limit of maps has then been forgotten too early.) */
HEAPMARK_EXPORT int munmap(void *start, size_t size)
{
	bool counts = can_be_mapped(start, size) && !modules_is_allocator(CALLER);
	struct thread *self = counts ? thread_enter() : NULL;

	real_resolve();
	if (own_is_calling())
		mem_forget(start, size);
	if (self) {
		track_unmap(self, start, whole_pages(size));
		thread_leave(self);
	}
	return real.munmap(start, size);
}

static void *serve_remap(struct thread *self, void *old, size_t old_size, size_t size, int flags,
			 void *to)
{
	size_t bytes = whole_pages(old_size);
	struct track_remap remap = track_remap_begin(old, bytes);
	void *start = real.mremap(old, old_size, size, flags, to);

	track_remap_end(self, remap, old, bytes, start == MAP_FAILED ? NULL : start, size);
	return start;
}

HEAPMARK_EXPORT void *mremap(void *old, size_t old_size, size_t size, int flags, ...)
{
	struct thread *self = modules_is_allocator(CALLER) ? NULL : thread_enter();
	void *to = NULL, *start;
	va_list more;

	va_start(more, flags);
	if (flags & MREMAP_FIXED)
		to = va_arg(more, void *);
	va_end(more);
	real_resolve();
	if (!self)
		return real.mremap(old, old_size, size, flags, to);
	if (old_size != 0 && !(flags & MREMAP_DONTUNMAP)) {
		start = serve_remap(self, old, old_size, size, flags, to);
	} else {
		start = real.mremap(old, old_size, size, flags, to);
		if (start != MAP_FAILED)
			track_map_again(self, HERE(), old, start, size);
	}
	thread_leave(self);
	return start;
}
