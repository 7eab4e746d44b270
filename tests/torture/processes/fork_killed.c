/* SPDX-License-Identifier: MIT */
/* Children that are killed as they begin, and would otherwise wait for ever. */
#include <signal.h>

#include "children.h"

#define CHILDREN 150

int main(void)
{
	const int signals[] = {SIGTERM, SIGINT, SIGUSR1};
	unsigned killed = 0;

	work();
	for (unsigned i = 0; i < CHILDREN; i++) {
		int status, number = signals[i % 3];
		pid_t pid = fork();

		MUST(pid >= 0);
		if (pid == 0) {
			expect_trace(TRACE_RACING); /* it may end between the book and the block */
			churn(i * 20, 40);
			for (;;)
				pause();
		}
		usleep(i * 8);
		MUST(kill(pid, number) == 0 && waitpid(pid, &status, 0) == pid);
		killed += WIFSIGNALED(status) && WTERMSIG(status) == number;
	}
	say("%u of %u children died of it\n", killed, CHILDREN);
	return 0;
}
