/* SPDX-License-Identifier: MIT */
/*
 * The functions behind our hooks: the next in line after this library.
 *
 * Usually the C library's, but any allocator that was preloaded or linked comes first. Looking them
 * up may itself allocate (dlsym's error buffer); until that is done, a small static pool serves.
 */
#ifndef PRELOAD_REAL_H
#define PRELOAD_REAL_H

#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "atomic.h"

/* REAL(result, name, parameters): everything the shim forwards to. */
#define REAL_ALLOCATOR(REAL) \
	REAL(void *, malloc, (size_t size)) \
	REAL(void *, calloc, (size_t count, size_t size)) \
	REAL(void *, realloc, (void *block, size_t size)) \
	REAL(void *, reallocarray, (void *block, size_t count, size_t size)) \
	REAL(void, free, (void *block)) \
	REAL(void, cfree, (void *block)) \
	REAL(void, free_sized, (void *block, size_t size)) \
	REAL(void, free_aligned_sized, (void *block, size_t align, size_t size)) \
	REAL(void *, memalign, (size_t align, size_t size)) \
	REAL(void *, aligned_alloc, (size_t align, size_t size)) \
	REAL(int, posix_memalign, (void **block, size_t align, size_t size)) \
	REAL(void *, valloc, (size_t size)) \
	REAL(void *, pvalloc, (size_t size)) \
	REAL(size_t, malloc_usable_size, (void *block))

#define REAL_OTHERS(REAL) \
	REAL(void *, mmap, (void *at, size_t size, int prot, int flags, int fd, off_t offset)) \
	REAL(void *, mmap64, (void *at, size_t size, int prot, int flags, int fd, off_t offset)) \
	REAL(int, munmap, (void *at, size_t size)) \
	REAL(void *, mremap, (void *at, size_t old_size, size_t size, int flags, void *to)) \
	REAL(int, execve, (const char *path, char *const argv[], char *const envp[])) \
	REAL(int, execvpe, (const char *file, char *const argv[], char *const envp[])) \
	REAL(long, syscall, (long number, long a, long b, long c, long d, long e, long f)) \
	REAL(int, prctl, (int option, ...)) \
	REAL(int, daemon, (int stay, int keep)) \
	REAL(int, fexecve, (int fd, char *const argv[], char *const envp[])) \
	REAL(int, execveat, \
	     (int dir, const char *path, char *const argv[], char *const envp[], int flags)) \
	REAL(int, sigaction, (int number, const struct sigaction *action, struct sigaction *old)) \
	REAL(sighandler_t, signal, (int number, sighandler_t handler)) \
	REAL(sighandler_t, bsd_signal, (int number, sighandler_t handler)) \
	REAL(sighandler_t, ssignal, (int number, sighandler_t handler)) \
	REAL(sighandler_t, sysv_signal, (int number, sighandler_t handler)) \
	REAL(sighandler_t, __sysv_signal, (int number, sighandler_t handler)) \
	REAL(sighandler_t, sigset, (int number, sighandler_t handler)) \
	REAL(int, __libc_start_main, \
	     (int (*main)(int, char **, char **), int argc, char **argv, void (*init)(void), \
	      void (*fini)(void), void (*loader_fini)(void), void *stack_end)) \
	REAL(void, _exit, (int status)) \
	REAL(void, exit, (int status)) \
	REAL(void, quick_exit, (int status)) \
	REAL(void, abort, (void)) \
	REAL(void, longjmp, (struct __jmp_buf_tag * to, int value)) \
	REAL(void, _longjmp, (struct __jmp_buf_tag * to, int value)) \
	REAL(void, siglongjmp, (struct __jmp_buf_tag * to, int value)) \
	REAL(void, __longjmp_chk, (struct __jmp_buf_tag * to, int value)) \
	REAL(int, dlclose, (void *handle)) \
	REAL(int, iconv_close, (void *converter))

struct real {
#define REAL(result, name, parameters) result(*name) parameters;
	REAL_ALLOCATOR(REAL)
	REAL_OTHERS(REAL)
#undef REAL
};

/* Valid from the first call on: entries begin as functions that look everything up. An entry is
 * NULL after that if nobody further down has such a function. */
extern HIDDEN struct real real;

/* What hooks look at before all else. Until the constructor has run, the loader may not even have
 * relocated this library: another one's IFUNC resolver may allocate by then. */
enum real_mode { REAL_SAMPLED, REAL_USUAL, REAL_EARLY };
extern HIDDEN enum real_mode real_mode;

/* Whether what has an address may be used; and what serves until then, from the pool. */
bool real_is_relocated(void);
void *real_early_alloc(size_t size);
void *real_early_realloc(const void *block, size_t size);

/* The allocator is the C library's: none of its functions calls another by its name. Set by init.c.
 */
extern HIDDEN bool real_is_libc;

/* The realloc() that comes before ours, or NULL. Where there is one the program's blocks are its,
 * and not that of the next in line: what it does not have itself, and so comes to us, is its to
 * serve. */
extern HIDDEN void *(*real_first_realloc)(void *block, size_t size);

/* Looks everything up now. Harmless to repeat. */
void real_resolve(void);

/* What the program finds under that name, or NULL. What dlsym() allocates for its error comes from
 * the pool: whoever frees that later does not surprise us. Only while no other thread runs. */
void *real_look_up(const char *name);

/* Whether a block came from the static pool: it is not the real allocator's to free or resize. */
#define REAL_POOL_BYTES (64u << 10)
extern HIDDEN char real_pool[];
static HOT bool real_is_pool_block(const void *block)
{
	return (uintptr_t)block - (uintptr_t)real_pool < REAL_POOL_BYTES;
}

/* Resizes a pool block into a real one. */
void *real_leave_pool(void *block, size_t size);

/* The bytes a pool block can hold. */
size_t real_pool_size(const void *block);

#endif
