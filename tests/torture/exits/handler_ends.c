/* SPDX-License-Identifier: MIT */
/*
 * handler_ends HOW: children that a timer's handler ends, wherever in a malloc() or free() it finds
 * them. HOW: _exit, exit, quick (quick_exit), kill (the default, raised by the handler), nested
 * (_exit in the handler of a signal that the handler raises), stack (on an alternate one), threads
 * (in whichever it comes).
 */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>

#include "torture.h"

#define ROUNDS 40

static const char *how;

static void at_exit(void)
{
	sigset_t mask;

	sigprocmask(SIG_BLOCK, NULL, &mask);
	say("exiting, SIGALRM is %s\n", sigismember(&mask, SIGALRM) ? "blocked" : "let through");
}

static void on_inner(int number)
{
	_exit(number);
}

static void on_timer(int number)
{
	(void)number;
	if (!strcmp(how, "exit"))
		exit(6);
	if (!strcmp(how, "nested"))
		raise(SIGUSR1);
	if (!strcmp(how, "quick"))
		quick_exit(6);
	if (strcmp(how, "kill") != 0)
		_exit(6);
	signal(SIGTERM, SIG_DFL);
	raise(SIGTERM);
	_exit(8); /* not reached */
}

static void *allocate(void *unused)
{
	(void)unused;
	for (;;)
		churn(10, 100);
	return NULL;
}

static void work(int round)
{
	struct itimerval soon = {.it_value.tv_usec = 1000 + 37 * round};
	struct sigaction action = {.sa_handler = on_timer};
	static char memory[16384];
	stack_t stack = {.ss_sp = memory, .ss_size = sizeof(memory)};
	pthread_t thread;

	keep(10, 100);
	atexit(at_exit);
	signal(SIGUSR1, on_inner);
	if (!strcmp(how, "stack")) {
		action.sa_flags = SA_ONSTACK;
		MUST(sigaltstack(&stack, NULL) == 0);
	}
	sigaction(SIGALRM, &action, NULL);
	if (!strcmp(how, "threads"))
		for (int i = 0; i < 4; i++)
			MUST(pthread_create(&thread, NULL, allocate, NULL) == 0);
	setitimer(ITIMER_REAL, &soon, NULL);
	allocate(NULL);
}

int main(int argc, char **argv)
{
	how = argc > 1 ? argv[1] : "_exit";
	for (int i = 0; i < ROUNDS; i++) {
		int status = -1;
		pid_t pid = fork();

		MUST(pid >= 0);
		if (pid == 0) {
			expect_trace(TRACE_RACING);
			work(i);
		}
		MUST(waitpid(pid, &status, 0) == pid);
		say("status %#x\n", status);
	}
	return 0;
}
