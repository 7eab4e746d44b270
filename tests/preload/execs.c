/* SPDX-License-Identifier: MIT */
/*
 * execs HOW PROGRAM [ARG...]: allocates 1000 blocks of 10 bytes, then becomes or starts PROGRAM in
 * one of the many ways there are. See test_processes.py.
 */
#include <spawn.h>
#include <sys/wait.h>

#include "target.h"

extern char **environ;

static void replace(const char *how, char **argv)
{
	if (!strcmp(how, "execv"))
		execv(argv[0], argv);
	if (!strcmp(how, "execve"))
		execve(argv[0], argv, environ);
	if (!strcmp(how, "execvp"))
		execvp(argv[0], argv);
	if (!strcmp(how, "execvpe"))
		execvpe(argv[0], argv, environ);
	if (!strcmp(how, "execl"))
		execl(argv[0], argv[0], argv[1], (char *)NULL);
	if (!strcmp(how, "execlp"))
		execlp(argv[0], argv[0], argv[1], (char *)NULL);
	if (!strcmp(how, "execle"))
		execle(argv[0], argv[0], (char *)NULL, environ);
	if (!strcmp(how, "fexecve"))
		fexecve(open(argv[0], O_RDONLY | O_CLOEXEC), argv, environ);
	if (!strcmp(how, "missing")) {
		execv("/nonexistent/program", argv);
		MALLOC(77); /* life goes on */
		_exit(5);
	}
	_exit(90);
}

static int started(const char *how, char **argv)
{
	pid_t pid = -1;
	int status;

	if (!strcmp(how, "fork"))
		pid = fork();
	else if (!strcmp(how, "vfork"))
		pid = vfork();
	else if (posix_spawn(&pid, argv[0], NULL, NULL, argv, environ))
		return 91;
	if (pid == 0) {
		execv(argv[0], argv);
		_exit(92);
	}
	if (waitpid(pid, &status, 0) < 0 || !WIFEXITED(status))
		return 93;
	MALLOC(5);
	return WEXITSTATUS(status);
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return 94;
	for (int i = 0; i < 1000; i++)
		MALLOC(10);
	if (!strcmp(argv[1], "fork") || !strcmp(argv[1], "vfork") || !strcmp(argv[1], "spawn"))
		return started(argv[1], argv + 2);
	replace(argv[1], argv + 2);
}
