/* SPDX-License-Identifier: MIT */
/* starts HOW LEAF: starts the program LEAF in the manner that HOW says. */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>

#include "children.h"

extern char **environ;

static char *leaf;

static void by_vfork(void)
{
	pid_t pid = vfork();

	if (pid == 0) {
		execl(leaf, leaf, "vfork", (char *)NULL);
		_exit(90);
	}
	say_end("vfork", pid);
}

/* What such a child allocates is its parent's memory. */
static void vfork_exits(void)
{
	static void *left_behind;
	pid_t pid = vfork();

	if (pid == 0) {
		churn(7, 70);
		left_behind = hold(700);
		_exit(11);
	}
	say_end("vfork", pid);
	drop(left_behind, 700);
}

static void vfork_fails(void)
{
	pid_t pid = vfork();

	if (pid == 0) {
		int result = execl("/nonexistent/program", "program", (char *)NULL);

		_exit(result == -1 && errno == ENOENT ? 12 : 91);
	}
	say_end("failed", pid);
	pid = vfork();
	if (pid == 0) {
		execl("/nonexistent/program", "program", (char *)NULL);
		execl(leaf, leaf, "a", "b", (char *)NULL);
		_exit(92);
	}
	say_end("second try", pid);
}

static void *vfork_in_thread(void *unused)
{
	by_vfork();
	return unused;
}

static void vfork_threads(void)
{
	pthread_t thread;

	for (int i = 0; i < 5; i++) {
		MUST(pthread_create(&thread, NULL, vfork_in_thread, NULL) == 0);
		work();
		MUST(pthread_join(thread, NULL) == 0);
	}
}

static void by_spawn(void)
{
	char *argv[] = {leaf, (char *)"spawned", NULL};
	pid_t pid = -1;

	MUST(posix_spawn(&pid, leaf, NULL, NULL, argv, environ) == 0);
	say_end("posix_spawn", pid);
	MUST(posix_spawnp(&pid, leaf, NULL, NULL, argv, environ) == 0);
	say_end("posix_spawnp", pid);
	MUST(posix_spawn(&pid, "/nonexistent/program", NULL, NULL, argv, environ) == ENOENT);
}

static void spawn_actions(void)
{
	char *argv[] = {leaf, (char *)"with", (char *)"actions", NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t signals;
	pid_t pid = -1;

	sigfillset(&signals);
	MUST(posix_spawn_file_actions_init(&actions) == 0 &&
	     posix_spawn_file_actions_addclose(&actions, 0) == 0 &&
	     posix_spawn_file_actions_addopen(&actions, 7, "/dev/zero", O_RDONLY, 0) == 0 &&
	     posix_spawn_file_actions_adddup2(&actions, 7, 9) == 0 &&
	     posix_spawn_file_actions_addclosefrom_np(&actions, 10) == 0);
	MUST(posix_spawnattr_init(&attributes) == 0 &&
	     posix_spawnattr_setsigdefault(&attributes, &signals) == 0 &&
	     posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID |
							   POSIX_SPAWN_RESETIDS) == 0);
	MUST(posix_spawn(&pid, leaf, &actions, &attributes, argv, environ) == 0);
	say_end("posix_spawn", pid);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
}

static void by_system(void)
{
	char command[4096];

	snprintf(command, sizeof(command), "exec '%s' 1 2 3", leaf);
	say("system: %d\n", system(command));
	snprintf(command, sizeof(command), "'%s' | cat; exit 21", leaf);
	say("system: %d\n", system(command));
	say("system: %d\n", system("kill -15 $$"));
	say("system: %d\n", system(NULL) != 0);
}

static void by_popen(void)
{
	char command[4096], line[256];
	FILE *reader, *writer;

	snprintf(command, sizeof(command), "'%s' x", leaf);
	reader = popen(command, "r");
	writer = popen("cat", "w");
	MUST(reader && writer);
	while (fgets(line, sizeof(line), reader))
		fputs(line, writer);
	say("popen: %d\n", pclose(reader));
	say("popen: %d\n", pclose(writer));
}

static int in_clone(void *unused)
{
	(void)unused;
	execl(leaf, leaf, "clone", (char *)NULL);
	_exit(93);
}

static void clone_vm(void)
{
	static char stack[65536] __attribute__((aligned(16)));
	pid_t pid = clone(in_clone, stack + sizeof(stack), CLONE_VM | CLONE_VFORK | SIGCHLD, NULL);

	say_end("clone", pid);
}

/* A forked child allocates before it becomes another program. */
static void by_fork(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		expect_trace(TRACE_NONE);
		work();
		execl(leaf, leaf, "fork", (char *)NULL);
		_exit(94);
	}
	say_end("fork", pid);
}

/* ... or fails to become one, and goes on. */
static void fork_fails(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		work();
		execl("/nonexistent/program", "program", (char *)NULL);
		work_in_threads(2);
		exit(13);
	}
	say_end("fork", pid);
}

static const struct way ways[] = {
	{"vfork", by_vfork},          {"vfork-exits", vfork_exits},
	{"vfork-fails", vfork_fails}, {"vfork-threads", vfork_threads},
	{"spawn", by_spawn},          {"spawn-actions", spawn_actions},
	{"system", by_system},        {"popen", by_popen},
	{"clone-vm", clone_vm},       {"fork", by_fork},
	{"fork-fails", fork_fails},
};

int main(int argc, char **argv)
{
	work();
	MUST(argc > 2);
	leaf = argv[2];
	go_way(ways, sizeof(ways) / sizeof(*ways), argv[1]);
	work();
	say_descriptors();
	return 0;
}
