/* SPDX-License-Identifier: MIT */
/*
 * A child in a control group with little memory, killed by the kernel for it. Where no control
 * group can be made it does that itself, at the same number of bytes. What it held at its last
 * snapshot is in the trace.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "heapmark.h"
#include "torture.h"

#define LIMIT (48 << 20)

static const struct {
	const char *root, *limit;
} kinds[] = {
	{"/sys/fs/cgroup", "memory.max"},
	{"/sys/fs/cgroup/memory", "memory.limit_in_bytes"},
};

static char group[200];

static int write_to(const char *name, long number)
{
	char path[300], text[32];
	int fd, size, done;

	snprintf(path, sizeof(path), "%s/%s", group, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	size = snprintf(text, sizeof(text), "%ld", number);
	done = write(fd, text, (size_t)size) == size;
	close(fd);
	return done;
}

static int make_group(void)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		snprintf(group, sizeof(group), "%s/heapmark-torture-%d", kinds[i].root, getpid());
		if (mkdir(group, 0700) != 0)
			continue;
		if (write_to(kinds[i].limit, LIMIT))
			return 1;
		rmdir(group);
	}
	return 0;
}

static void grow(int limited)
{
	size_t size = 1 << 20;

	keep(1000, 1000);
	MUST(heapmark_snapshot("before") > 0 || !heapmark_is_recording());
	book_mark();
	expect_trace(TRACE_SNAPSHOT);
	for (int i = 0; limited || i < LIMIT >> 20; i++) {
		char *block = malloc(size);

		MUST(block);
		memset(block, 1, size);
	}
	kill(getpid(), SIGKILL);
}

int main(void)
{
	int status = -1, limited = make_group();
	pid_t pid = fork();

	MUST(pid >= 0);
	if (pid == 0) {
		if (limited)
			limited = write_to("cgroup.procs", getpid());
		grow(limited);
		_exit(1);
	}
	MUST(waitpid(pid, &status, 0) == pid);
	if (limited)
		rmdir(group);
	say("signal %d\n", WIFSIGNALED(status) ? WTERMSIG(status) : -1);
	return 0;
}
