/* SPDX-License-Identifier: MIT */
/* Keeping our descriptors out of the program's way; see fd.h. */
#include "fd.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sys.h"

#define HIGH     400  /* programs rarely have so many open */
#define OURS     16   /* more than we and our libraries ever have */
#define LOW_ROOM 1024 /* most limits are no higher, and some programs open as many as they may */

static struct {
	bool taken[LOW_ROOM]; /* by fd_fill_low() */
	int next[2];          /* the first free numbers beyond */
} low;

/*
 * Where our numbers begin: if it can be, beyond the limit, where they take nothing away from the
 * program. A descriptor stays when the limit is below it. (That the limit is another one for the
 * moment shows to nobody but a thread that asks, or executes a program, just then; this is when
 * the process starts or forks, or when it had closed our descriptor.)
 */
struct beyond {
	int first;
	bool raised;
	struct rlimit before, raised_to;
};

static struct beyond go_beyond(void)
{
	struct beyond beyond = {.first = HIGH};
	rlim_t limit;

	if (sys_limit(RLIMIT_NOFILE, NULL, &beyond.before) != 0)
		return beyond;
	limit = beyond.before.rlim_cur;
	if (limit > LOW_ROOM)
		return beyond;
	beyond.raised_to = beyond.before;
	beyond.raised_to.rlim_cur = limit + OURS;
	if (beyond.raised_to.rlim_max < limit + OURS)
		beyond.raised_to.rlim_max = limit + OURS; /* some may */
	beyond.raised = sys_limit(RLIMIT_NOFILE, &beyond.raised_to, NULL) == 0;
	if (beyond.raised)
		beyond.first = (int)limit;
	else if (limit <= 2 * HIGH)
		beyond.first = (int)(limit / 2);
	return beyond;
}

static void come_back(const struct beyond *beyond)
{
	struct rlimit now;

	if (!beyond->raised || sys_limit(RLIMIT_NOFILE, NULL, &now) != 0 ||
	    now.rlim_cur != beyond->raised_to.rlim_cur ||
	    now.rlim_max != beyond->raised_to.rlim_max)
		return; /* the program has set another meanwhile */
	sys_limit(RLIMIT_NOFILE, &beyond->before, NULL);
}

static int move_high(int fd)
{
	struct beyond beyond = go_beyond();
	int high = sys_duplicate(fd, beyond.first);

	come_back(&beyond);
	return high;
}

struct held_fd fd_hold(int fd)
{
	int high = move_high(fd);
	struct held_fd held = HELD_FD_NONE;
	struct stat now;

	if (high >= 0)
		sys_close(fd);
	else
		high = fd;
	if (sys_fstat(high, &now) != 0)
		return held;
	held = (struct held_fd){high, now.st_dev, now.st_ino};
	return held;
}

bool fd_is_ours(const struct held_fd *held)
{
	struct stat now;

	return held->fd >= 0 && sys_fstat(held->fd, &now) == 0 && now.st_dev == held->device &&
	       now.st_ino == held->inode;
}

void fd_release(struct held_fd *held)
{
	if (fd_is_ours(held))
		sys_close(held->fd);
	*held = HELD_FD_NONE;
}

static struct beyond filling;

void fd_fill_low(void)
{
	int saved_errno = errno;
	int source, fd;

	filling = go_beyond();
	source = fd = sys_open("/", O_PATH | O_CLOEXEC);
	while (fd >= 0 && fd < filling.first) {
		low.taken[fd] = true;
		fd = sys_duplicate(source, fd + 1);
	}
	low.next[0] = fd;
	low.next[1] = fd < 0 ? -1 : sys_duplicate(source, fd + 1);
	for (int i = 0; i < 2; i++)
		if (low.next[i] >= 0)
			sys_close(low.next[i]);
	errno = saved_errno;
}

static void close_all(int first, int last)
{
	if (sys_call(SYS_close_range, first, last, 0) == 0)
		return;
	for (int fd = first; fd <= last; fd++) /* before Linux 5.9 */
		sys_close(fd);
}

static struct held_fd hold_if_pipe(int fd)
{
	struct stat now;

	if (fd < 0 || sys_fstat(fd, &now) != 0 || !S_ISFIFO(now.st_mode))
		return HELD_FD_NONE;
	return (struct held_fd){fd, now.st_dev, now.st_ino};
}

void fd_free_low(struct held_fd pipe[2])
{
	int saved_errno = errno;

	for (int i = 0; i < 2; i++)
		pipe[i] = hold_if_pipe(low.next[i]);
	for (int fd = 0; fd < LOW_ROOM; fd++) {
		int first = fd;

		while (fd < LOW_ROOM && low.taken[fd])
			low.taken[fd++] = false;
		if (fd > first)
			close_all(first, fd - 1);
	}
	come_back(&filling);
	errno = saved_errno;
}
