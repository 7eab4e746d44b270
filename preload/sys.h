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

#include <fcntl.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static inline int sys_open(const char *path, int flags)
{
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags, 0666);
}

static inline int sys_close(int fd)
{
	return (int)syscall(SYS_close, fd);
}

/* On 64-bit machines the kernel's struct is the C library's. */
static inline int sys_stat(const char *path, struct stat *into)
{
	return (int)syscall(SYS_newfstatat, AT_FDCWD, path, into, 0);
}

static inline int sys_fstat(int fd, struct stat *into)
{
	return (int)syscall(SYS_fstat, fd, into);
}

/* At that number or the first free one above it; closed by exec. */
static inline int sys_duplicate(int fd, int lowest)
{
	return (int)syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, lowest);
}

static inline ssize_t sys_pread(int fd, void *bytes, size_t count, off_t at)
{
	return syscall(SYS_pread64, fd, bytes, count, at);
}

static inline ssize_t sys_pwrite(int fd, const void *bytes, size_t count, off_t at)
{
	return syscall(SYS_pwrite64, fd, bytes, count, at);
}

static inline ssize_t sys_write(int fd, const void *bytes, size_t count)
{
	return syscall(SYS_write, fd, bytes, count);
}

static inline int sys_truncate(int fd, off_t size)
{
	return (int)syscall(SYS_ftruncate, fd, size);
}

static inline ssize_t sys_readlink(const char *path, char *into, size_t room)
{
	return syscall(SYS_readlinkat, AT_FDCWD, path, into, room);
}

/* Either may be NULL. */
static inline int sys_limit(int what, const struct rlimit *set, struct rlimit *before)
{
	return (int)syscall(SYS_prlimit64, 0, what, set, before);
}

static inline pid_t sys_getpid(void)
{
	return (pid_t)syscall(SYS_getpid);
}

static inline pid_t sys_getppid(void)
{
	return (pid_t)syscall(SYS_getppid);
}

static inline pid_t sys_gettid(void)
{
	return (pid_t)syscall(SYS_gettid);
}

#endif
