/* SPDX-License-Identifier: MIT */
/* fork_storm CHILDREN: so many children at once; none ends before all have been born. */
#include <stdlib.h>

#include "children.h"

int main(int argc, char **argv)
{
	int count = argc > 1 ? atoi(argv[1]) : 1, good = 0, status, gate[2];
	char byte;

	MUST(pipe(gate) == 0);
	keep(100, 50);
	for (int i = 0; i < count; i++) {
		pid_t pid = fork();

		MUST(pid >= 0);
		if (pid == 0) {
			close(gate[1]);
			work();
			MUST(read(gate[0], &byte, 1) == 0);
			work_in_threads(2);
			exit(0);
		}
	}
	close(gate[1]);
	while (wait(&status) > 0)
		good += WIFEXITED(status) && WEXITSTATUS(status) == 0;
	say("%d of %d ended well\n", good, count);
	return 0;
}
