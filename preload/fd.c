/* SPDX-License-Identifier: MIT */
/* Keeping our descriptors out of the program's way; see fd.h. */
#include "fd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define HIGH     400 /* programs rarely have so many open */
#define LOW_ROOM 256 /* numbers kept busy by fd_fill_low() */

static uint8_t filled[LOW_ROOM];

static int lowest_high(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur > 2 * HIGH)
		return HIGH;
	return (int)(limit.rlim_cur / 2);
}

struct held_fd fd_hold(int fd)
{
	int high = fcntl(fd, F_DUPFD_CLOEXEC, lowest_high());

	if (high >= 0)
		close(fd);
	else
		high = fd;
	return fd_look(high);
}

struct held_fd fd_look(int fd)
{
	struct stat now;

	if (fstat(fd, &now) != 0)
		return HELD_FD_NONE;
	return (struct held_fd){fd, now.st_dev, now.st_ino};
}

bool fd_is_pipe(const struct held_fd *held)
{
	struct stat now;

	return fstat(held->fd, &now) == 0 && S_ISFIFO(now.st_mode);
}

bool fd_is_ours(const struct held_fd *held)
{
	struct stat now;

	return held->fd >= 0 && fstat(held->fd, &now) == 0 && now.st_dev == held->device &&
	       now.st_ino == held->inode;
}

void fd_release(struct held_fd *held)
{
	if (fd_is_ours(held))
		close(held->fd);
	*held = HELD_FD_NONE;
}

void fd_fill_low(void)
{
	int saved_errno = errno;
	int source = open("/", O_PATH | O_CLOEXEC);
	int fd = source, room = lowest_high();

	if (room > LOW_ROOM)
		room = LOW_ROOM;
	while (fd >= 0 && fd < room) {
		filled[fd] = 1;
		fd = fcntl(source, F_DUPFD_CLOEXEC, fd + 1);
	}
	if (fd >= room)
		close(fd);
	errno = saved_errno;
}

static void close_all(int first, int last)
{
	if (syscall(SYS_close_range, first, last, 0) == 0)
		return;
	for (int fd = first; fd <= last; fd++) /* before Linux 5.9 */
		close(fd);
}

void fd_free_low(void)
{
	int saved_errno = errno;

	for (int fd = 0; fd < LOW_ROOM; fd++) {
		int first = fd;

		while (fd < LOW_ROOM && filled[fd])
			filled[fd++] = 0;
		if (fd > first)
			close_all(first, fd - 1);
	}
	errno = saved_errno;
}

void fd_next_two(int numbers[2])
{
	int saved_errno = errno;

	numbers[0] = open("/", O_PATH | O_CLOEXEC);
	numbers[1] = fcntl(numbers[0], F_DUPFD_CLOEXEC, 0);
	for (int i = 0; i < 2; i++)
		if (numbers[i] >= 0)
			close(numbers[i]);
	errno = saved_errno;
}
