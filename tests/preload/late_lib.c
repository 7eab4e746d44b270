/* SPDX-License-Identifier: MIT */
/*
 * Stands behind heapmark and before libc: whatever gives memory back returns late, when other
 * threads may have been given it. In between there are but a few instructions otherwise, and who
 * takes note after the fact, rather than before, is nearly never found out.
 */
#include <sched.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define EVERY 8 /* of these calls is late */

void __libc_free(void *block);
void *__libc_realloc(void *block, size_t size);
void free(void *block);
void *realloc(void *block, size_t size);

static _Thread_local unsigned calls;

static void be_late(void)
{
	if (++calls % EVERY == 0)
		sched_yield();
}

void free(void *block)
{
	__libc_free(block);
	be_late();
}

void *realloc(void *block, size_t size)
{
	void *moved = __libc_realloc(block, size);

	be_late();
	return moved;
}

int munmap(void *start, size_t size)
{
	int result = (int)syscall(SYS_munmap, start, size);

	be_late();
	return result;
}

void *mremap(void *old, size_t old_size, size_t size, int flags, ...)
{
	void *to = NULL, *start;
	va_list more;

	va_start(more, flags);
	if (flags & MREMAP_FIXED)
		to = va_arg(more, void *);
	va_end(more);
	start = (void *)syscall(SYS_mremap, old, old_size, size, flags, to);
	be_late();
	return start;
}
