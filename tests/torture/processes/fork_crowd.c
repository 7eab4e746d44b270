/* SPDX-License-Identifier: MIT */
/*
 * fork_crowd HOW CHILDREN: while other threads allocate, the main thread forks one child after
 * another. HOW is "threads": each child starts threads, which allocate; or "loads": a thread loads
 * and unloads a library all the time. (Such a child starts none, and
 * leaves by _exit(): the loader's locks are held by a thread that it does not have.)
 */
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "children.h"

#define CROWD 3

static _Atomic int done;

static void *allocate(void *unused)
{
	while (!done) {
		void *block = hold(80);

		churn(5, 40);
		drop(block, 80);
	}
	return unused;
}

static void *load(void *unused)
{
	while (!done) {
		void *library = dlopen("libanl.so.1", RTLD_NOW);

		MUST(library);
		dlclose(library);
		usleep(100);
	}
	return unused;
}

int main(int argc, char **argv)
{
	int count = argc > 2 ? atoi(argv[2]) : 1;
	int loads = argc > 1 && strcmp(argv[1], "loads") == 0;
	pthread_t threads[CROWD + 1];

	keep(10, 100);
	for (int i = 0; i < CROWD; i++)
		MUST(pthread_create(&threads[i], NULL, allocate, NULL) == 0);
	MUST(pthread_create(&threads[CROWD], NULL, loads ? load : allocate, NULL) == 0);
	for (int i = 0; i < count; i++) {
		int status = -1;
		pid_t pid = fork();

		MUST(pid >= 0);
		if (pid == 0) {
			if (!loads)
				work_in_threads(3);
			work();
			if (loads)
				_exit(i % 100);
			exit(i % 100);
		}
		MUST(waitpid(pid, &status, 0) == pid);
		MUST(WIFEXITED(status) && WEXITSTATUS(status) == i % 100);
	}
	done = 1;
	for (int i = 0; i <= CROWD; i++)
		MUST(pthread_join(threads[i], NULL) == 0);
	say("%d children\n", count);
	return 0;
}
