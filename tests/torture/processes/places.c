/* SPDX-License-Identifier: MIT */
/* places HOW: goes where its trace cannot follow: other roots and folders, other users, other
 * namespaces; and forks there. */
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "children.h"

/* A child, of which is known whether it can leave a trace. */
static void fork_there(enum trace_due due)
{
	pid_t pid = fork();

	if (pid == 0) {
		expect_trace(due);
		work_in_threads(2);
		work();
		exit(2);
	}
	say_end("child", pid);
}

static void to_other_root(void)
{
	MUST(mkdir("root", 0755) == 0);
	CAN(chroot("root") == 0);
	MUST(chdir("/") == 0);
}

/* The descriptor is open, and stays. */
static void changes_root(void)
{
	to_other_root();
	work();
	fork_there(TRACE_NONE);
}

/* ... or had been closed. */
static void closes_and_changes_root(void)
{
	int out = dup(1);

	for (int fd = 3; fd < 1100; fd++)
		if (fd != out)
			close(fd);
	close(out);
	to_other_root();
	expect_trace(TRACE_EMPTY);
	work();
}

static void unshares_root(void)
{
	CAN(unshare(CLONE_NEWNS) == 0);
	CAN(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
	CAN(mount("none", "/tmp", "tmpfs", 0, NULL) == 0);
	work();
	fork_there(TRACE_NONE);
}

static void loses_folder(void)
{
	MUST(mkdir("gone", 0755) == 0 && chdir("gone") == 0 && rmdir("../gone") == 0);
	work();
	fork_there(TRACE_WHOLE);
}

static void roams(void)
{
	MUST(chdir("/") == 0);
	work();
	fork_there(TRACE_WHOLE);
	MUST(chdir("/usr") == 0);
	fork_there(TRACE_WHOLE);
}

static void drop_rights(void)
{
	MUST(setgroups(0, NULL) == 0 && setresgid(65534, 65534, 65534) == 0 &&
	     setresuid(65534, 65534, 65534) == 0);
}

static void drops(void)
{
	work();
	drop_rights();
	work();
	fork_there(TRACE_WHOLE);
}

/* Where the new user may make no files. */
static void drops_all(void)
{
	MUST(chmod(".", 0755) == 0);
	drop_rights();
	work();
	fork_there(TRACE_NONE);
	fork_there(TRACE_NONE);
}

static void other_user_namespace(void)
{
	CAN(unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC) == 0);
	work();
	fork_there(TRACE_WHOLE);
}

/* The child is number 1 there, and so is its child's number known to nobody outside. */
static void other_pids(void)
{
	CAN(unshare(CLONE_NEWPID) == 0);
	work();
	for (int i = 0; i < 1; i++)
		fork_there(TRACE_WHOLE);
}

static void is_first(void)
{
	pid_t pid;

	CAN(unshare(CLONE_NEWPID) == 0);
	pid = fork();
	if (pid == 0) {
		MUST(getpid() == 1);
		work();
		MUST(kill(1, SIGTERM) == 0 && raise(SIGUSR1) == 0);
		work();
		exit(4);
	}
	say_end("the first", pid);
}

static void undumpable(void)
{
	MUST(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0);
	work();
	fork_there(TRACE_WHOLE);
	MUST(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	fork_there(TRACE_WHOLE);
}

static void renames_itself(void)
{
	extern char **environ;
	char *first = environ[0], *last = first;

	for (char **at = environ; *at; at++)
		last = *at + strlen(*at);
	MUST(prctl(PR_SET_NAME, "a \"new\"\nname", 0, 0, 0) == 0);
	MUST(putenv((char *)"HEAPMARK=out=/nonexistent/x.hmk:depth=3") == 0);
	MUST(setenv("LD_PRELOAD", "", 1) == 0);
	clearenv();
	memset(first, 'x', (size_t)(last - first));
	work();
	fork_there(TRACE_WHOLE);
	MUST(clearenv() == 0);
	fork_there(TRACE_WHOLE);
}

/* The parent stops its child at each system call, of the first 2,000. */
static void is_traced(void)
{
	pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		MUST(ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0);
		raise(SIGSTOP);
		work_in_threads(1);
		work();
		raise(SIGUSR1);
		work();
		exit(3);
	}
	MUST(waitpid(pid, &status, 0) == pid && WIFSTOPPED(status));
	while (WIFSTOPPED(status)) {
		int number = WSTOPSIG(status) == SIGUSR1 ? SIGUSR1 : 0;

		MUST(ptrace(PTRACE_SYSCALL, pid, NULL, (void *)(long)number) == 0);
		MUST(waitpid(pid, &status, 0) == pid);
	}
	say("traced: %d %d\n", WIFEXITED(status), WIFSIGNALED(status) ? WTERMSIG(status) : 0);
}

static const struct way ways[] = {
	{"root", changes_root},
	{"first", is_first},
	{"closed-root", closes_and_changes_root},
	{"mounts", unshares_root},
	{"removed", loses_folder},
	{"roams", roams},
	{"drops", drops},
	{"drops-all", drops_all},
	{"user-namespace", other_user_namespace},
	{"pids", other_pids},
	{"undumpable", undumpable},
	{"environment", renames_itself},
	{"traced", is_traced},
};

int main(int argc, char **argv)
{
	work();
	MUST(argc > 1);
	go_way(ways, sizeof(ways) / sizeof(*ways), argv[1]);
	work();
	say("still here\n");
	return 3;
}
