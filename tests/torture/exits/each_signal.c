/* SPDX-License-Identifier: MIT */
/*
 * each_signal HOW: for each signal there is, a child that gets it while it is at its default; how
 * the child ended is printed. HOW: raise, queue (from the parent), threads (all of them allocate
 * when it comes), blocked (it comes when it is let through again), set (after handlers came and
 * went).
 */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "torture.h"

static const char *how;
static int done[2]; /* a pipe: the child is ready */

static void *allocate(void *unused)
{
	(void)unused;
	for (;;)
		churn(100, 100);
	return NULL;
}

static void ready(void)
{
	MUST(write(done[1], "", 1) == 1);
}

static void handle(int number)
{
	(void)number;
}

static void say_action(int number)
{
	struct sigaction now;

	MUST(sigaction(number, NULL, &now) == 0);
	say("%s, flags %x, mask", now.sa_handler == SIG_DFL ? "default" : "handler", now.sa_flags);
	for (int i = 1; i <= SIGRTMAX; i++)
		if (sigismember(&now.sa_mask, i) == 1)
			say(" %d", i);
	say("\n");
}

static void set_and_reset(int number)
{
	struct sigaction action = {.sa_handler = handle}, old;

	say_action(number);
	MUST(sigaction(number, &action, &old) == 0 && old.sa_handler == SIG_DFL);
	say_action(number);
	raise(number);
	action.sa_handler = SIG_DFL;
	action.sa_flags = SA_RESTART | SA_ONSTACK;
	sigaddset(&action.sa_mask, SIGUSR1);
	MUST(sigaction(number, &action, &old) == 0 && old.sa_handler == handle);
	say_action(number);
	MUST(signal(number, SIG_IGN) == SIG_DFL);
	raise(number);
	MUST(sysv_signal(number, SIG_DFL) == SIG_IGN);
	say_action(number);
	MUST(signal(number, SIG_DFL) == SIG_DFL);
	say_action(number);
}

static void receive(int number)
{
	pthread_t thread;
	sigset_t set;

	keep(20, 200);
	if (!strcmp(how, "threads")) {
		expect_trace(TRACE_RACING);
		for (int i = 0; i < 3; i++)
			MUST(pthread_create(&thread, NULL, allocate, NULL) == 0);
		ready();
		allocate(NULL);
	}
	if (!strcmp(how, "queue")) {
		ready();
		pause();
		_exit(0);
	}
	if (!strcmp(how, "set"))
		set_and_reset(number);
	if (!strcmp(how, "blocked")) {
		sigemptyset(&set);
		sigaddset(&set, number);
		sigprocmask(SIG_BLOCK, &set, NULL);
		raise(number);
		keep(1, 300);
		MUST(sigpending(&set) == 0 && sigismember(&set, number) == 1);
		sigprocmask(SIG_UNBLOCK, &set, NULL);
	} else {
		raise(number);
	}
	keep(1, 77); /* it does no harm */
	_exit(0);
}

static void send_to(pid_t pid, int number)
{
	union sigval value = {.sival_int = number};
	char byte;

	if (!strcmp(how, "threads") || !strcmp(how, "queue")) {
		MUST(read(done[0], &byte, 1) == 1);
		MUST(sigqueue(pid, number, value) == 0);
	}
}

/* Not those that stop, and SIGKILL; those that do nothing only where nobody waits for an end. */
static int is_of_interest(int number)
{
	switch (number) {
	case SIGKILL:
	case SIGSTOP:
	case SIGTSTP:
	case SIGTTIN:
	case SIGTTOU:
		return 0;
	case SIGCHLD:
	case SIGCONT:
	case SIGURG:
	case SIGWINCH:
		return !strcmp(how, "raise");
	default: /* the C library has some of its own */
		return number < 32 || number >= SIGRTMIN;
	}
}

int main(int argc, char **argv)
{
	how = argc > 1 ? argv[1] : "raise";
	MUST(pipe(done) == 0);
	for (int number = 1; number <= SIGRTMAX; number++)
		if (is_of_interest(number))
			MUST(signal(number, SIG_DFL) != SIG_ERR); /* it may be ignored */
	for (int number = 1; number <= SIGRTMAX; number++) {
		int status = -1;
		pid_t pid;

		if (!is_of_interest(number))
			continue;
		pid = fork();
		MUST(pid >= 0);
		if (pid == 0)
			receive(number);
		send_to(pid, number);
		MUST(waitpid(pid, &status, 0) == pid);
		say("%d: %s %d%s\n", number, WIFEXITED(status) ? "status" : "signal",
		    WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status),
		    WIFSIGNALED(status) && WCOREDUMP(status) ? ", core" : "");
	}
	return 0;
}
