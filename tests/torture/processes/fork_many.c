/* SPDX-License-Identifier: MIT */
/* Forks in a loop, as often as the argument says; each child allocates, frees some of what it
 * inherited, and exits. */
#include <stdlib.h>
#include <sys/wait.h>

#include "torture.h"

int main(int argc, char **argv)
{
	unsigned count = argc > 1 ? (unsigned)atoi(argv[1]) : 1;
	void *inherited = hold(100);

	keep(10, 1000);
	for (unsigned i = 0; i < count; i++) {
		int status = -1;
		pid_t pid = fork();

		MUST(pid >= 0);
		if (pid == 0) {
			churn(2, 64);
			keep(3, 10 + i);
			drop(inherited, 100);
			exit((int)(i % 100));
		}
		MUST(waitpid(pid, &status, 0) == pid);
		MUST(WIFEXITED(status) && WEXITSTATUS(status) == (int)(i % 100));
	}
	churn(5, 128);
	say("%u children\n", count);
	return 0;
}
