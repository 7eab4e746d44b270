/* SPDX-License-Identifier: MIT */
/* becomes_daemon SIGNAL: a daemon of the old kind, that closes all it was given, and is ended by
 * the signal. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "torture.h"

static void serve(int ready)
{
	pid_t self = getpid();

	for (int fd = 0; fd < 256; fd++)
		if (fd != ready)
			close(fd);
	MUST(open("/dev/null", O_RDWR) == 0 && dup(0) == 1 && dup(0) == 2);
	MUST(chdir("/") == 0);
	umask(0);
	keep(100, 100);
	churn(100, 10);
	MUST(write(ready, &self, sizeof(self)) == sizeof(self));
	close(ready);
	for (;;)
		pause();
}

int main(int argc, char **argv)
{
	int number = argc > 1 ? atoi(argv[1]) : SIGTERM, status, ends[2];
	pid_t pid, daemon_pid;

	keep(1, 1);
	signal(number, SIG_DFL); /* it may be ignored, as under nohup */
	MUST(pipe(ends) == 0);
	MUST(prctl(PR_SET_CHILD_SUBREAPER, 1) == 0);
	pid = fork();
	if (pid == 0) {
		MUST(setsid() > 0);
		keep(2, 2);
		if (fork() == 0)
			serve(ends[1]);
		_exit(0);
	}
	MUST(waitpid(pid, &status, 0) == pid && status == 0);
	MUST(read(ends[0], &daemon_pid, sizeof(daemon_pid)) == sizeof(daemon_pid));
	MUST(kill(daemon_pid, number) == 0);
	MUST(waitpid(daemon_pid, &status, 0) == daemon_pid);
	say("the daemon: signal %d\n", WIFSIGNALED(status) ? WTERMSIG(status) : -1);
	return 0;
}
