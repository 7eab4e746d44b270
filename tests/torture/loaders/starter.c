/* SPDX-License-Identifier: MIT */
/* starter PROGRAM...: starts them one after another, and says how they ended. With `mode:` before
 * it, a program is started as a copy that another user owns and that has such a mode. */
#include <sys/wait.h>

#include "use.h"

#define NOBODY 65534

static void become_nobody(const char *program, char *copy)
{
	copy_file(copy, program);
	MUST(chown(copy, NOBODY, NOBODY) == 0 && chmod(copy, 06755) == 0);
}

int main(int argc, char **argv)
{
	MUST(argc > 1);
	for (int i = 1; i < argc; i++) {
		char copy[] = "./other-user", *program = argv[i];
		int status;
		pid_t child;

		if (strncmp(program, "setuid:", 7) == 0) {
			become_nobody(program + 7, copy);
			program = copy;
		}
		keep(2, 20);
		child = fork();
		if (child == 0) {
			expect_trace(TRACE_NONE); /* it only executes */
			execl(program, program, (char *)NULL);
			_exit(97);
		}
		MUST(waitpid(child, &status, 0) == child && WIFEXITED(status));
		say("%d\n", WEXITSTATUS(status));
		churn(3, 30);
	}
	return 0;
}
