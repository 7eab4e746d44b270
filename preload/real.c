/* SPDX-License-Identifier: MIT */
/* Finding the functions behind our hooks, and serving until they are found; see real.h. */
#include "real.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "atomic.h"
#include "lost.h"
#include "sys.h"
#include "watch.h"

/* Each block is preceded by its size, in 16 bytes that keep it aligned. */
_Alignas(16) char real_pool[REAL_POOL_BYTES];
static _Atomic size_t pool_used;

bool real_is_libc;
void *(*real_first_realloc)(void *block, size_t size);

/* Volatile: dlsym() is declared never to call back into this file, but its allocations do. */
static volatile enum { UNRESOLVED, RESOLVING, RESOLVED } state;

static void *pool_take(size_t align, size_t size)
{
	size_t start, need;
	char *block;

	if (align < 16)
		align = 16;
	if (size > REAL_POOL_BYTES || align > REAL_POOL_BYTES / 2)
		return NULL;
	need = size + align + 16;
	start = add_relaxed(&pool_used, (need + 15) / 16 * 16);
	if (start + need > REAL_POOL_BYTES)
		return NULL;
	block = real_pool + start + 16;
	block += -(uintptr_t)block % align; /* a power of two */
	*(size_t *)(void *)(block - 16) = size;
	watch_for_ever(block);
	return block;
}

size_t real_pool_size(const void *block)
{
	return *(const size_t *)(const void *)((const char *)block - 16);
}

void *real_leave_pool(void *block, size_t size)
{
	size_t old = real_pool_size(block);
	void *moved = real.malloc(size);

	if (moved)
		memcpy(moved, block, old < size ? old : size);
	return moved;
}

/* While dlsym() runs, its allocations come from the pool; before that, the first call of any
 * function resolves them all and is then repeated for real. */
static bool is_resolving(void)
{
	if (state == UNRESOLVED)
		real_resolve();
	return state == RESOLVING;
}

static void *first_malloc(size_t size)
{
	return is_resolving() ? pool_take(16, size) : real.malloc(size);
}

static void *first_calloc(size_t count, size_t size)
{
	size_t bytes;

	if (!is_resolving())
		return real.calloc(count, size);
	return __builtin_mul_overflow(count, size, &bytes) ? NULL : pool_take(16, bytes);
}

static void *first_realloc(void *block, size_t size)
{
	void *moved;

	if (!is_resolving())
		return real.realloc(block, size);
	moved = pool_take(16, size);
	if (moved && block)
		memcpy(moved, block, real_pool_size(block) < size ? real_pool_size(block) : size);
	return moved;
}

static void first_free(void *block)
{
	if (!is_resolving())
		real.free(block);
}

static void *first_memalign(size_t align, size_t size)
{
	return is_resolving() ? pool_take(align, size) : real.memalign(align, size);
}

static int first_posix_memalign(void **block, size_t align, size_t size)
{
	if (!is_resolving())
		return real.posix_memalign(block, align, size);
	*block = pool_take(align, size);
	return *block ? 0 : ENOMEM;
}

/* A program's own malloc() may start to map memory while we look up what to map it with. */
static void *first_mmap(void *at, size_t size, int prot, int flags, int fd, off_t offset)
{
	return (void *)sys_call(SYS_mmap, at, size, prot, flags, fd, offset);
}

static int first_munmap(void *at, size_t size)
{
	return (int)sys_call(SYS_munmap, at, size);
}

static void *first_mremap(void *at, size_t old_size, size_t size, int flags, void *to)
{
	return (void *)sys_call(SYS_mremap, at, old_size, size, flags, to);
}

static long first_syscall(long number, long a, long b, long c, long d, long e, long f)
{
	return sys_call_6(number, a, b, c, d, e, f);
}

/* What can be called before the constructor, by the loader or by another library's constructor, or
 * while symbols are looked up. Everything else is called by programs, and hooks resolve first. */
struct real real = {
	.malloc = first_malloc,
	.calloc = first_calloc,
	.realloc = first_realloc,
	.free = first_free,
	.memalign = first_memalign,
	.aligned_alloc = first_memalign,
	.posix_memalign = first_posix_memalign,
	.mmap = first_mmap,
	.mmap64 = first_mmap,
	.munmap = first_munmap,
	.mremap = first_mremap,
	.syscall = first_syscall,
};

enum real_mode real_mode = REAL_EARLY;

/* Nothing here may call another library or touch a thread-local variable. */

bool real_is_relocated(void)
{
	return state != UNRESOLVED || real.malloc == first_malloc;
}

void *real_early_alloc(size_t size)
{
	void *block = pool_take(16, size);

	if (block)
		lost_add(HEAPMARK_LOSS_EARLY, 1);
	return block;
}

void *real_early_realloc(const void *block, size_t size)
{
	char *moved = real_early_alloc(size);

	for (size_t i = 0; moved && block && i < size && i < real_pool_size(block); i++)
		((volatile char *)moved)[i] = ((const char *)block)[i];
	return moved;
}

static void *find(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

static bool is_ours(const void *function)
{
	Dl_info there, here;

	return dladdr(function, &there) && dladdr(&real, &here) &&
	       there.dli_fbase == here.dli_fbase;
}

void *real_look_up(const char *name)
{
	struct real saved;
	void *found;

	real_resolve();
	saved = real;
	state = RESOLVING;
	real.malloc = first_malloc;
	real.calloc = first_calloc;
	real.realloc = first_realloc;
	real.free = first_free;
	found = dlsym(RTLD_DEFAULT, name);
	real = saved;
	state = RESOLVED;
	return found;
}

void real_resolve(void)
{
	struct real found;
	int saved_errno = errno;
	void *first;

	if (state != UNRESOLVED)
		return;
	state = RESOLVING;
	/* These first, and each at once: the next look-up may fail and so be the first to call a
	 * malloc() of the program's own, which may call any of them. */
#define REAL(result, name, parameters) real.name = (__typeof__(real.name))find(#name);
	REAL_OTHERS(REAL)
#undef REAL
	found = real;
#define REAL(result, name, parameters) found.name = (__typeof__(found.name))find(#name);
	REAL_ALLOCATOR(REAL)
#undef REAL
	first = dlsym(RTLD_DEFAULT, "realloc");
	if (first && !is_ours(first))
		real_first_realloc = (__typeof__(real_first_realloc))first;
	real = found;
	state = RESOLVED;
	errno = saved_errno;
}
