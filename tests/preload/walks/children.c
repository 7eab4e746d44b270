/* SPDX-License-Identifier: MIT */
/* Forked children that allocate, of a process with threads too; vfork() and posix_spawn() besides.
 */
#include "walk.h"

#include <pthread.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

static FRAME void in_child(int depth)
{
	char room[40];

	TOUCH(room);
	if (depth)
		in_child(depth - 1);
	keep((size_t)depth);
	TOUCH(room);
}

static FRAME void in_parent(int depth)
{
	char room[72];

	TOUCH(room);
	if (depth)
		in_parent(depth - 1);
	keep((size_t)depth);
	TOUCH(room);
}

static void await(pid_t child)
{
	int status = 0;

	if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
		abort();
}

static FRAME void forked(int generations)
{
	pid_t child = fork();

	if (child == 0) {
		in_child(9);
		if (generations)
			forked(generations - 1);
		_exit(0);
	}
	in_parent(4);
	await(child);
}

/* The child borrows its parent's memory, stack and all. */
static FRAME void vforked(char *program)
{
	char *arguments[] = {program, NULL, NULL};
	pid_t child = vfork();

	if (child == 0) {
		execv(program, arguments);
		_exit(1);
	}
	in_parent(4);
	await(child);
}

static FRAME void spawned(char *program)
{
	char *arguments[] = {program, NULL};
	char *environment[] = {NULL};
	pid_t child;

	if (posix_spawn(&child, program, NULL, NULL, arguments, environment) != 0)
		abort();
	in_parent(4);
	await(child);
}

static FRAME void *in_thread(void *unused)
{
	forked(1);
	return unused;
}

int main(int argc, char **argv)
{
	char program[] = "/bin/true";
	pthread_t thread;
	int count = 3 * rounds(argc, argv);

	for (int i = 0; i < count; i++) {
		in_parent(4);
		forked(2);
		vforked(program);
		spawned(program);
		if (pthread_create(&thread, NULL, in_thread, NULL) != 0)
			abort();
		pthread_join(thread, NULL);
	}
	/* Each fork's parent; the last number is of forks, in all generations. */
	path_add(5 * (uint64_t)count * (3 + 5), "keep<in_parent");
	path_add(10 * (uint64_t)count * 5, "keep<in_child<*<forked");
	return walk_end(argc, argv);
}
