/* SPDX-License-Identifier: MIT */
/*
 * exit_race HOW...: children in which four threads allocate, or free, when the process ends; often,
 * since it is a race. HOW is the name of a way below.
 */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "torture.h"

#define ROUNDS  25
#define THREADS 4

static pthread_barrier_t start;
static void (*way)(void);

static void *allocate(void *unused)
{
	(void)unused;
	pthread_barrier_wait(&start);
	for (;;)
		churn(10, 100);
	return NULL;
}

static void *leave(void *unused)
{
	(void)unused;
	pthread_barrier_wait(&start);
	churn(10, 100);
	way();
	return NULL;
}

static void begin(void *(*run)(void *))
{
	pthread_t thread;

	pthread_barrier_init(&start, NULL, THREADS + 1);
	for (int i = 0; i < THREADS; i++)
		MUST(pthread_create(&thread, NULL, run, NULL) == 0);
	pthread_barrier_wait(&start);
	churn(10, 10);
}

static void wait_for_end(void)
{
	for (;;)
		pause();
}

static void call_exit(void)
{
	exit(5);
}

static void call_exit_now(void)
{
	_exit(5);
}

static void call_quick_exit(void)
{
	quick_exit(5);
}

static void fault(void)
{
	*(volatile int *)8 = 1;
}

static void kill_process(void)
{
	kill(getpid(), SIGTERM);
	wait_for_end();
}

static void main_exits(void)
{
	begin(allocate);
	exit(5);
}

static void main_leaves(void)
{
	begin(allocate);
	_exit(5);
}

static void main_aborts(void)
{
	begin(allocate);
	abort();
}

static void main_faults(void)
{
	begin(allocate);
	fault();
}

static void main_killed(void)
{
	begin(allocate);
	kill_process();
}

/* All of them at once, the main thread too. */

static void all(void (*how)(void))
{
	way = how;
	begin(leave);
	how();
	wait_for_end();
}

static void all_exit(void)
{
	all(call_exit);
}

static void all_leave(void)
{
	all(call_exit_now);
}

static void all_quick_exit(void)
{
	all(call_quick_exit);
}

static void all_abort(void)
{
	all(abort);
}

static void all_fault(void)
{
	all(fault);
}

static void all_kill(void)
{
	all(kill_process);
}

/* One exits while another one leaves at once; both with the same status. */
static void exit_and_leave(void)
{
	way = call_exit;
	begin(leave);
	call_exit_now();
}

static volatile int sent;

static void *kill_first(void *main_thread)
{
	pthread_kill(*(pthread_t *)main_thread, SIGTERM);
	sent = 1;
	pause();
	return NULL;
}

/* The signal was there before the thread could know of it: it may not get as far as _exit(). */
static void killed_before_exit(void)
{
	static pthread_t self;
	pthread_t thread;

	self = pthread_self();
	begin(allocate);
	MUST(pthread_create(&thread, NULL, kill_first, &self) == 0);
	while (!sent)
		churn(1, 10);
	_exit(5);
}

static void slow_handler(void)
{
	struct timespec while_ = {.tv_nsec = 5000000};

	keep(1, 100);
	nanosleep(&while_, NULL);
	keep(1, 101);
}

/* Handlers run in the one thread while the others do as they like. */
static void exit_slowly(void)
{
	for (int i = 0; i < 3; i++)
		atexit(slow_handler);
	main_exits();
}

static void all_exit_slowly(void)
{
	for (int i = 0; i < 3; i++)
		atexit(slow_handler);
	all_exit();
}

#define WAY(name) \
	{ \
#name, name \
	}

static const struct {
	const char *name;
	void (*end)(void);
} ways[] = {
	WAY(main_exits),  WAY(main_leaves),        WAY(main_aborts),     WAY(main_faults),
	WAY(main_killed), WAY(all_exit),           WAY(all_leave),       WAY(all_quick_exit),
	WAY(all_abort),   WAY(all_fault),          WAY(all_kill),        WAY(exit_and_leave),
	WAY(exit_slowly), WAY(killed_before_exit), WAY(all_exit_slowly),
};

static void race(void (*end)(void), const char *name)
{
	for (int i = 0; i < ROUNDS; i++) {
		int status = -1;
		pid_t pid = fork();

		MUST(pid >= 0);
		if (pid == 0) {
			expect_trace(TRACE_RACING);
			end();
			_exit(99);
		}
		MUST(waitpid(pid, &status, 0) == pid);
		say("%s: %#x\n", name, status & ~0x80);
	}
}

int main(int argc, char **argv)
{
	keep(10, 1000);
	for (int i = 1; i < argc; i++)
		for (size_t k = 0; k < sizeof(ways) / sizeof(*ways); k++)
			if (!strcmp(argv[i], ways[k].name))
				race(ways[k].end, ways[k].name);
	return 0;
}
