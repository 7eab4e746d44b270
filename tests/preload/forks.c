/* SPDX-License-Identifier: MIT */
/* Forks three workers, each with numbers of its own, after a common start. See test_processes.py.
 */
#include <sys/wait.h>

#include "target.h"

#define WORKERS 3

static int work(int number)
{
	void *block;

	for (int i = 0; i < 10 * (number + 1); i++)
		MALLOC(1000);
	block = MALLOC(50000);
	FREE(block);
	return number;
}

int main(int argc, char **argv)
{
	void *inherited[10];

	for (int i = 0; i < 10; i++)
		inherited[i] = MALLOC(100);
	for (int i = 0; i < WORKERS; i++) {
		pid_t pid = fork();

		if (pid < 0)
			return 1;
		if (pid == 0) {
			FREE(inherited[0]);
			return work(i);
		}
	}
	for (int i = 0; i < WORKERS; i++)
		wait(NULL);
	MALLOC(1);
	return facts_write(argc, argv);
}
