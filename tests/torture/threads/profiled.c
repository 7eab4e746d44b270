/* SPDX-License-Identifier: MIT */
/*
 * profiled HOW: threads that allocate while a signal comes a thousand times a second of processor
 * time. HOW: process (setitimer), threads (a timer for each), allocates (the handler does, whenever
 * its thread is not in a heap call itself), stack (the same on an alternate stack of the least
 * size that is sensible).
 */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>

#include "torture.h"

#define THREADS     4
#define TICKS       100
#define STACK_BYTES 16384
#define CANARY      4096

static const char *how;
static _Thread_local volatile sig_atomic_t in_call;
static _Atomic unsigned caught, allocated;

static void on_tick(int number)
{
	(void)number;
	caught++;
	if (in_call || (strcmp(how, "allocates") != 0 && strcmp(how, "stack") != 0))
		return;
	churn(3, 300);
	allocated++;
}

static void tick_for_thread(timer_t *timer)
{
	struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGPROF};
	struct itimerspec when = {{.tv_nsec = 1000000}, {.tv_nsec = 1000000}};

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif
	event.sigev_notify_thread_id = (pid_t)syscall(SYS_gettid);
	MUST(timer_create(CLOCK_THREAD_CPUTIME_ID, &event, timer) == 0);
	MUST(timer_settime(*timer, 0, &when, NULL) == 0);
}

static void tick_for_process(long microseconds)
{
	struct itimerval when = {{.tv_usec = microseconds}, {.tv_usec = microseconds}};

	MUST(setitimer(ITIMER_PROF, &when, NULL) == 0);
}

/* Below it is memory that nobody may write to: who uses too much writes there first. */
static char *use_alternate_stack(char memory[CANARY + STACK_BYTES])
{
	stack_t stack = {.ss_sp = memory + CANARY, .ss_size = STACK_BYTES};

	memset(memory, 0x5a, CANARY);
	MUST(sigaltstack(&stack, NULL) == 0);
	return memory;
}

static void check_canary(const char *memory)
{
	for (int i = 0; i < CANARY; i++)
		MUST(memory[i] == 0x5a);
}

static void work(void)
{
	while (caught < TICKS) {
		in_call = 1;
		churn(100, 100);
		in_call = 0;
		for (volatile int k = 0; k < 3000; k++)
			;
	}
}

static void *live(void *unused)
{
	static _Thread_local char memory[CANARY + STACK_BYTES];
	timer_t timer;

	(void)unused;
	in_call = 1; /* the C library allocates for timers */
	if (!strcmp(how, "stack"))
		use_alternate_stack(memory);
	if (strcmp(how, "process") != 0)
		tick_for_thread(&timer);
	work();
	in_call = 1;
	if (strcmp(how, "process") != 0)
		timer_delete(timer);
	if (!strcmp(how, "stack"))
		check_canary(memory);
	return NULL;
}

int main(int argc, char **argv)
{
	struct sigaction action = {.sa_handler = on_tick, .sa_flags = SA_RESTART};
	pthread_t threads[THREADS];

	how = argc > 1 ? argv[1] : "process";
	in_call = 1;
	if (!strcmp(how, "stack"))
		action.sa_flags |= SA_ONSTACK;
	MUST(sigaction(SIGPROF, &action, NULL) == 0);
	if (!strcmp(how, "process"))
		tick_for_process(1000);
	for (int i = 0; i < THREADS; i++)
		MUST(pthread_create(&threads[i], NULL, live, NULL) == 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	tick_for_process(0);
	MUST(allocated > 0 || !strcmp(how, "process") || !strcmp(how, "threads"));
	say("done\n");
	return 0;
}
