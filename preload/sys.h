/* SPDX-License-Identifier: MIT */
/*
 * The system calls that the shim makes itself, past the C library's functions. Another library may
 * stand before those (a false root, a proxy, a tracer): it would be called from inside of the
 * program's malloc(), perhaps its own, and what it allocates there would be ours to explain. Nor is
 * any of these a point where a thread is cancelled. (The clock is read through the C library all
 * the same, for it is read often, and without a system call only there.)
 */
#ifndef PRELOAD_SYS_H
#define PRELOAD_SYS_H

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#if defined(__x86_64__)
/* As the C library's syscall(), which is one of our hooks. */
static inline long sys_call_6(long number, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	if ((unsigned long)result < -4095ul)
		return result;
	errno = (int)-result;
	return -1;
}
#else
#define sys_call_6 syscall
#endif

#define SYS_SIX(number, a, b, c, d, e, f, ...) \
	sys_call_6(number, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))
#define sys_call(...) SYS_SIX(__VA_ARGS__, 0, 0, 0, 0, 0, 0, 0)

static inline int sys_open(const char *path, int flags)
{
	return (int)sys_call(SYS_openat, AT_FDCWD, path, flags, 0666);
}

static inline int sys_close(int fd)
{
	return (int)sys_call(SYS_close, fd);
}

/* On 64-bit machines the kernel's struct is the C library's. */
static inline int sys_stat(const char *path, struct stat *into)
{
	return (int)sys_call(SYS_newfstatat, AT_FDCWD, path, into, 0);
}

static inline int sys_fstat(int fd, struct stat *into)
{
	return (int)sys_call(SYS_fstat, fd, into);
}

/* At that number or the first free one above it; closed by exec. */
static inline int sys_duplicate(int fd, int lowest)
{
	return (int)sys_call(SYS_fcntl, fd, F_DUPFD_CLOEXEC, lowest);
}

static inline ssize_t sys_pread(int fd, void *bytes, size_t count, off_t at)
{
	return sys_call(SYS_pread64, fd, bytes, count, at);
}

static inline ssize_t sys_pwrite(int fd, const void *bytes, size_t count, off_t at)
{
	return sys_call(SYS_pwrite64, fd, bytes, count, at);
}

static inline ssize_t sys_write(int fd, const void *bytes, size_t count)
{
	return sys_call(SYS_write, fd, bytes, count);
}

static inline int sys_truncate(int fd, off_t size)
{
	return (int)sys_call(SYS_ftruncate, fd, size);
}

static inline ssize_t sys_readlink(const char *path, char *into, size_t room)
{
	return sys_call(SYS_readlinkat, AT_FDCWD, path, into, room);
}

/* Either may be NULL. */
static inline int sys_limit(int what, const struct rlimit *set, struct rlimit *before)
{
	return (int)sys_call(SYS_prlimit64, 0, what, set, before);
}

static inline pid_t sys_getpid(void)
{
	return (pid_t)sys_call(SYS_getpid);
}

static inline pid_t sys_getppid(void)
{
	return (pid_t)sys_call(SYS_getppid);
}

static inline pid_t sys_gettid(void)
{
	return (pid_t)sys_call(SYS_gettid);
}

#endif
