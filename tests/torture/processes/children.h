/* SPDX-License-Identifier: MIT */
/* Some work on the heap, and what became of a child. */
#ifndef TESTS_TORTURE_CHILDREN_H
#define TESTS_TORTURE_CHILDREN_H

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/wait.h>

#include "torture.h"

static inline void work(void)
{
	void *block = hold(5000);

	churn(20, 64);
	keep(5, 300);
	drop(block, 5000);
}

static inline void *work_in_thread(void *unused)
{
	work();
	return unused;
}

static inline void work_in_threads(unsigned count)
{
	pthread_t threads[8];

	for (unsigned i = 0; i < count; i++)
		MUST(pthread_create(&threads[i], NULL, work_in_thread, NULL) == 0);
	for (unsigned i = 0; i < count; i++)
		MUST(pthread_join(threads[i], NULL) == 0);
}

/* Waits for the child, and prints how it ended. */
static inline void say_end(const char *what, pid_t pid)
{
	int status = -1;

	MUST(pid > 0);
	while (waitpid(pid, &status, 0) < 0)
		MUST(errno == EINTR);
	if (WIFEXITED(status))
		say("%s: exit status %d\n", what, WEXITSTATUS(status));
	else
		say("%s: signal %d\n", what, WTERMSIG(status));
}

/* All children, and those that they left behind for a subreaper. */
static inline void await_all(void)
{
	while (wait(NULL) > 0 || errno == EINTR) {
	}
}

/* The ways of a program by name. */
struct way {
	const char *name;
	void (*go)(void);
};

static inline void go_way(const struct way *ways, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(ways[i].name, name) == 0) {
			ways[i].go();
			return;
		}
	MUST(!"a way of that name");
}

#endif
