/* SPDX-License-Identifier: MIT */
/*
 * snapshots HOW: while four threads allocate. HOW: storm (1,000 signals that ask for one, and
 * children are forked and threads end), hammer (the same, 16 threads and nothing else), at-once
 * (eight threads ask for them by heapmark.h), stack (the storm meets threads on small alternate
 * stacks).
 */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "heapmark.h"
#include "torture.h"

#define THREADS 4
#define SIGNALS 1000
#define HAMMERS 16
#define CANARY  8192
#define STACK   8192

static const char *how;
static volatile int ended;
static pthread_t main_thread;

static void send_all(void)
{
	struct timespec moment = {.tv_nsec = 200000};

	for (int i = 0; i < SIGNALS; i++) {
		if (heapmark_is_recording()) /* or it would be the end */
			kill(getpid(), SIGUSR2);
		nanosleep(&moment, NULL);
	}
	ended = 1;
}

static void *send(void *unused)
{
	sigset_t all;

	(void)unused;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, NULL);
	send_all();
	return NULL;
}

static void *live_shortly(void *unused)
{
	(void)unused;
	churn(100, 30);
	return NULL;
}

static void *allocate(void *unused)
{
	pthread_t thread;

	(void)unused;
	while (!ended) {
		churn(100, 100);
		MUST(pthread_create(&thread, NULL, live_shortly, NULL) == 0);
		pthread_join(thread, NULL);
	}
	return NULL;
}

static void fork_until_ended(void)
{
	while (!ended) {
		int status = -1;
		pid_t pid = fork();

		MUST(pid >= 0);
		if (pid == 0) {
			churn(10, 40);
			_exit(7);
		}
		while (waitpid(pid, &status, 0) < 0)
			;
		MUST(WIFEXITED(status) && WEXITSTATUS(status) == 7);
		churn(10, 41);
	}
}

static void storm(void)
{
	pthread_t threads[THREADS], sender;

	for (int i = 0; i < THREADS; i++)
		MUST(pthread_create(&threads[i], NULL, allocate, NULL) == 0);
	MUST(pthread_create(&sender, NULL, send, NULL) == 0);
	fork_until_ended();
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	pthread_join(sender, NULL);
}

/* Each depth is a call stack of its own. */
static void hammer(int depth)
{
	churn(1, 10 + (size_t)depth);
	if (depth > 0)
		hammer(depth - 1);
}

static void *hammer_on(void *unused)
{
	while (!ended)
		hammer(HAMMERS);
	return unused;
}

static void hammered(void)
{
	pthread_t threads[HAMMERS], sender;

	for (int i = 0; i < HAMMERS; i++)
		MUST(pthread_create(&threads[i], NULL, hammer_on, NULL) == 0);
	MUST(pthread_create(&sender, NULL, send, NULL) == 0);
	for (int i = 0; i < HAMMERS; i++)
		pthread_join(threads[i], NULL);
	pthread_join(sender, NULL);
}

static void *ask(void *unused)
{
	(void)unused;
	for (int i = 0; i < 50; i++) {
		int number = heapmark_snapshot("asked for");

		MUST(number > 0 || !heapmark_is_recording());
		churn(20, 30);
	}
	return NULL;
}

static void at_once(void)
{
	pthread_t threads[2 * THREADS];

	for (int i = 0; i < 2 * THREADS; i++)
		MUST(pthread_create(&threads[i], NULL, ask, NULL) == 0);
	for (int i = 0; i < 2 * THREADS; i++)
		pthread_join(threads[i], NULL);
}

/* One thread that has an alternate stack, with a canary below: our handlers run on it. */
static void small_stack(void)
{
	static char memory[CANARY + STACK];
	stack_t stack = {.ss_sp = memory + CANARY, .ss_size = STACK};
	pthread_t sender;

	memset(memory, 0x5a, CANARY);
	MUST(sigaltstack(&stack, NULL) == 0);
	main_thread = pthread_self();
	MUST(pthread_create(&sender, NULL, send, NULL) == 0);
	while (!ended) {
		churn(10, 20);
		for (volatile int i = 0; i < 10000; i++)
			;
	}
	pthread_join(sender, NULL);
	for (int i = 0; i < CANARY; i++)
		MUST(memory[i] == 0x5a);
}

int main(int argc, char **argv)
{
	how = argc > 1 ? argv[1] : "storm";
	keep(100, 100);
	if (!strcmp(how, "storm"))
		storm();
	if (!strcmp(how, "hammer"))
		hammered();
	if (!strcmp(how, "at-once"))
		at_once();
	if (!strcmp(how, "stack"))
		small_stack();
	say("done\n");
	return 0;
}
