/* SPDX-License-Identifier: MIT */
/* Children that end by a signal that the kernel makes: timers, pipes, limits, terminals. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>

#include "torture.h"

static void wait_for_end(void)
{
	for (;;)
		pause();
}

static void work_for_ever(void)
{
	expect_trace(TRACE_RACING); /* not even the one thread knows when it comes */
	for (;;)
		churn(10, 10);
}

static void by_alarm(void)
{
	alarm(1);
	wait_for_end();
}

static void by_alarm_at_work(void)
{
	alarm(1);
	work_for_ever();
}

static void by_timer(int which)
{
	struct itimerval soon = {.it_value.tv_usec = 20000};

	setitimer(which, &soon, NULL);
	work_for_ever();
}

static void by_real_timer(void)
{
	by_timer(ITIMER_REAL);
}

static void by_virtual_timer(void)
{
	by_timer(ITIMER_VIRTUAL);
}

static void by_profiling_timer(void)
{
	by_timer(ITIMER_PROF);
}

static void by_posix_timer(void)
{
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN + 3};
	struct itimerspec soon = {.it_value.tv_nsec = 20000000};
	timer_t timer;

	MUST(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
	MUST(timer_settime(timer, 0, &soon, NULL) == 0);
	work_for_ever();
}

static void by_pipe(void)
{
	int ends[2];

	MUST(pipe(ends) == 0);
	close(ends[0]);
	MUST(write(ends[1], "x", 1) == 1);
}

static void by_socket(void)
{
	int ends[2];

	MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
	close(ends[0]);
	MUST(send(ends[1], "x", 1, MSG_NOSIGNAL) == -1 && errno == EPIPE);
	MUST(send(ends[1], "x", 1, 0) == 1);
}

static void by_io(void)
{
	int ends[2];

	MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
	MUST(fcntl(ends[0], F_SETOWN, getpid()) == 0);
	MUST(fcntl(ends[0], F_SETFL, O_ASYNC | O_NONBLOCK) == 0);
	MUST(write(ends[1], "x", 1) == 1);
	wait_for_end();
}

static void by_file_size(void)
{
	struct rlimit limit = {1 << 20, 1 << 20}; /* far more than the trace takes */
	char path[] = "limited";
	int fd = open(path, O_RDWR | O_CREAT, 0600);

	MUST(fd >= 0 && unlink(path) == 0);
	MUST(setrlimit(RLIMIT_FSIZE, &limit) == 0);
	MUST(pwrite(fd, "x", 1, 2 << 20) == 1);
}

static void by_cpu_time(void)
{
	struct rlimit limit = {1, 10};

	MUST(setrlimit(RLIMIT_CPU, &limit) == 0);
	work_for_ever();
}

static void by_cpu_time_hard(void)
{
	struct rlimit limit = {1, 1};

	expect_trace(TRACE_CUT); /* that is SIGKILL */
	MUST(setrlimit(RLIMIT_CPU, &limit) == 0);
	for (;;)
		churn(10, 10);
}

static void by_parents_death(void)
{
	pid_t pid;
	int status;

	MUST(prctl(PR_SET_CHILD_SUBREAPER, 1) == 0);
	pid = fork();
	if (pid == 0) {
		pid_t inner = fork();

		if (inner == 0) {
			keep(1, 3);
			MUST(prctl(PR_SET_PDEATHSIG, SIGTERM) == 0);
			kill(getppid(), SIGINT);
			wait_for_end();
		}
		wait_for_end();
	}
	while (wait(&status) > 0)
		say("  one by signal %d\n", WTERMSIG(status));
	raise(SIGTERM);
}

static const struct {
	const char *name;
	void (*leave)(void);
} ways[] = {
	{"alarm", by_alarm},
	{"alarm at work", by_alarm_at_work},
	{"real timer", by_real_timer},
	{"virtual timer", by_virtual_timer},
	{"profiling timer", by_profiling_timer},
	{"POSIX timer", by_posix_timer},
	{"pipe", by_pipe},
	{"socket", by_socket},
	{"I/O", by_io},
	{"file size", by_file_size},
	{"CPU time", by_cpu_time},
	{"CPU time, hard", by_cpu_time_hard},
	{"parent's death", by_parents_death},
};

int main(void)
{
	keep(3, 30);
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		int status = -1;
		pid_t pid = fork();

		MUST(pid >= 0);
		if (pid == 0) {
			keep(4, 44);
			ways[i].leave();
			_exit(0);
		}
		MUST(waitpid(pid, &status, 0) == pid);
		say("%s: %d\n", ways[i].name, WIFSIGNALED(status) ? WTERMSIG(status) : -1);
	}
	return 0;
}
