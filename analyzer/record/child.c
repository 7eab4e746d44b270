/* SPDX-License-Identifier: MIT */
/* Starting the program, passing signals on, waiting; see child.h. */
#include "record/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Sent to us alone, but meant for the program. */
static const int forwarded[] = {SIGTERM, SIGHUP, SIGUSR1, SIGUSR2};
/* The terminal sends these to both of us; the program decides, and we wait to tell the result. */
static const int ignored[] = {SIGINT, SIGQUIT};

static volatile sig_atomic_t child;

static void forward(int signal_number)
{
	int saved = errno;

	kill((pid_t)child, signal_number);
	errno = saved;
}

/* What was ignored when we were started (nohup) stays so. */
static void handle(int signal_number, void (*handler)(int))
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
	struct sigaction before;

	if (sigaction(signal_number, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
		sigaction(signal_number, &action, NULL);
}

static void stand_aside(void)
{
	for (size_t i = 0; i < sizeof(forwarded) / sizeof(*forwarded); i++)
		handle(forwarded[i], forward);
	for (size_t i = 0; i < sizeof(ignored) / sizeof(*ignored); i++)
		handle(ignored[i], SIG_IGN);
}

/* In the child. The pipe closes with the exec; a byte count that is not 0 is the errno of a failed
 * one. */
static _Noreturn void become(char **argv, char **environment, const sigset_t *mask, int report)
{
	int failure;

	sigprocmask(SIG_SETMASK, mask, NULL);
	execvpe(argv[0], argv, environment);
	failure = errno;
	while (write(report, &failure, sizeof(failure)) < 0 && errno == EINTR)
		;
	_exit(127);
}

static int read_failure(int fd)
{
	int failure = 0;
	ssize_t bytes;

	do {
		bytes = read(fd, &failure, sizeof(failure));
	} while (bytes < 0 && errno == EINTR);
	return bytes == sizeof(failure) ? failure : 0;
}

static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return 127;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int child_run(char **argv, char **environment, struct error *err)
{
	sigset_t all, before;
	int report[2], failure, status;
	pid_t pid;

	if (pipe2(report, O_CLOEXEC) != 0)
		return error_set(err, "%s cannot be started: %s", argv[0], strerror(errno));
	/* No signal may arrive before it can be passed on. */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	pid = fork();
	if (pid == 0)
		become(argv, environment, &before, report[1]);
	failure = pid < 0 ? errno : 0;
	child = pid;
	if (pid > 0)
		stand_aside();
	sigprocmask(SIG_SETMASK, &before, NULL);
	close(report[1]);
	if (pid > 0)
		failure = read_failure(report[0]);
	close(report[0]);
	if (pid < 0)
		return error_set(err, "%s cannot be started: %s", argv[0], strerror(failure));
	status = wait_for(pid);
	if (!failure)
		return status;
	error_set(err, "'%s' cannot be run: %s", argv[0], strerror(failure));
	return failure == ENOENT ? 127 : 126;
}
