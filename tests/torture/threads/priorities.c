/* SPDX-License-Identifier: MIT */
/*
 * Threads of real-time priorities and others on one processor, all of which allocate: one that
 * waits for another by spinning would wait for ever. Where real-time priorities are not allowed,
 * they differ in niceness only.
 */
#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>

#include "torture.h"

#define THREADS 6
#define ROUNDS  300

static void *live(void *number)
{
	struct sched_param priority = {.sched_priority = 1 + (int)(long)number};
	struct timespec moment = {.tv_nsec = 100000};

	if ((long)number % 2 == 0 &&
	    pthread_setschedparam(pthread_self(), SCHED_FIFO, &priority) != 0)
		setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), 5);
	for (int i = 0; i < ROUNDS; i++) {
		churn(100, 100);
		keep(1, 10);
		nanosleep(&moment, NULL);
		if (i % 50 == 0)
			sched_yield();
	}
	return NULL;
}

int main(void)
{
	pthread_t threads[THREADS];
	cpu_set_t one, before;

	MUST(sched_getaffinity(0, sizeof(before), &before) == 0);
	CPU_ZERO(&one);
	for (int i = 0; i < CPU_SETSIZE && CPU_COUNT(&one) == 0; i++)
		if (CPU_ISSET(i, &before))
			CPU_SET(i, &one);
	MUST(sched_setaffinity(0, sizeof(one), &one) == 0);
	for (long i = 0; i < THREADS; i++)
		MUST(pthread_create(&threads[i], NULL, live, (void *)i) == 0);
	for (int i = 0; i < ROUNDS; i++) {
		churn(100, 99);
		sched_setaffinity(0, sizeof(one), i % 2 ? &one : &before);
	}
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	say("done\n");
	return 0;
}
