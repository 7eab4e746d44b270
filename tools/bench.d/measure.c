/* SPDX-License-Identifier: MIT */
/*
 * measure RESULT SECONDS MEGABYTES PROGRAM [ARGUMENT...]: runs PROGRAM and writes to RESULT
 *
 *   wall seconds, processor seconds, most resident KiB, wait status, 1 if it took too long, its pid
 *
 * After SECONDS it is killed with all that it started; MEGABYTES limits its address space unless 0.
 * Children count in, as far as they were waited for; resident is the largest of them.
 *
 * A program of its own because the resident memory of a process counts what it was before exec: a
 * child of a small program starts small, a child of an interpreter does not.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double seconds(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static _Noreturn void become(char **argv, rlim_t megabytes, const sigset_t *mask)
{
	struct rlimit limit = {megabytes << 20, megabytes << 20};

	/* A group of its own, so that the helpers of a recorder can be ended with it. */
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (megabytes)
		setrlimit(RLIMIT_AS, &limit);
	sigprocmask(SIG_SETMASK, mask, NULL);
	execvp(argv[0], argv);
	perror(argv[0]);
	_exit(127);
}

/* Waits for the child, at most so long; true if it had to be killed. */
static int await(pid_t child, const sigset_t *signals, double deadline, int *status,
		 struct rusage *usage)
{
	int late = 0;

	while (wait4(child, status, WNOHANG, usage) == 0) {
		double left = deadline - now();
		struct timespec timeout = {0, 0};
		int signal;

		if (left > 0) {
			timeout.tv_sec = (time_t)left;
			timeout.tv_nsec = (long)((left - (double)timeout.tv_sec) * 1e9);
		}
		signal = sigtimedwait(signals, NULL, &timeout);
		if (signal == SIGCHLD)
			continue;
		late = signal < 0;
		kill(-child, SIGKILL);
		wait4(child, status, 0, usage);
		if (!late)
			exit(130); /* interrupted: nobody waits for the result */
		break;
	}
	return late;
}

int main(int argc, char **argv)
{
	sigset_t signals, before;
	struct rusage usage = {0};
	int status = 0, late;
	double start, wall;
	pid_t child;
	FILE *result;

	if (argc < 5)
		return 2;
	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigprocmask(SIG_BLOCK, &signals, &before);
	start = now();
	child = fork();
	if (child == 0)
		become(argv + 4, strtoul(argv[3], NULL, 10), &before);
	if (child < 0)
		return 1;
	late = await(child, &signals, start + atof(argv[2]), &status, &usage);
	wall = now() - start;
	kill(-child, SIGKILL); /* what a dead recorder left behind */
	result = fopen(argv[1], "w");
	if (!result)
		return 1;
	fprintf(result, "%.6f %.6f %ld %d %d %d\n", wall,
		seconds(usage.ru_utime) + seconds(usage.ru_stime), usage.ru_maxrss, status, late,
		(int)child);
	return fclose(result) == 0 ? 0 : 1;
}
