/* SPDX-License-Identifier: MIT */
/* A server's habits: it writes a title over its arguments and its environment, points an argument
 * at nothing, and forks a child. See test_processes.py. */
#include <sys/wait.h>

#include "target.h"

extern char **environ;

int main(int argc, char **argv)
{
	char **last = environ;
	pid_t pid;

	while (last[0] && last[1])
		last++;
	memset(argv[0], '/', (size_t)(*last - argv[0]));
	argv[argc - 1] = (char *)8;
	environ = NULL;
	pid = fork();
	if (pid < 0)
		return 1;
	if (pid == 0) {
		MALLOC(1000);
		return 0;
	}
	wait(NULL);
	MALLOC(10);
	return 0;
}
