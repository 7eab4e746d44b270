/* SPDX-License-Identifier: MIT */
/* A child that is stopped and goes on, many times, by each of the signals that stop; its threads
 * allocate meanwhile. */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "torture.h"

#define ROUNDS 50

static volatile int ended;

static void *allocate(void *unused)
{
	(void)unused;
	while (!ended)
		churn(10, 100);
	return NULL;
}

static void on_continue(int number)
{
	(void)number;
}

static void on_term(int number)
{
	(void)number;
	ended = 1;
}

static void work(void)
{
	pthread_t threads[2];

	signal(SIGCONT, on_continue);
	signal(SIGTERM, on_term);
	for (int i = 0; i < 2; i++)
		MUST(pthread_create(&threads[i], NULL, allocate, NULL) == 0);
	allocate(NULL);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	exit(3);
}

int main(void)
{
	static const int numbers[] = {SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU};
	int status;
	pid_t pid;

	keep(10, 100);
	signal(SIGTERM, on_term); /* it may come before the child has set it */
	pid = fork();
	MUST(pid >= 0);
	if (pid == 0) {
		setpgid(0, 0); /* an orphaned group would not be stopped by a terminal's signals */
		work();
	}
	setpgid(pid, pid);
	for (int i = 0; i < ROUNDS; i++) {
		kill(pid, numbers[i % 4]);
		MUST(waitpid(pid, &status, WUNTRACED) == pid);
		say("stopped by %d\n", WIFSTOPPED(status) ? WSTOPSIG(status) : -1);
		kill(pid, SIGCONT);
		MUST(waitpid(pid, &status, WCONTINUED) == pid && WIFCONTINUED(status));
	}
	kill(pid, SIGTERM);
	MUST(waitpid(pid, &status, 0) == pid);
	say("status %#x\n", status);
	return 0;
}
