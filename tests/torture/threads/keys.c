/* SPDX-License-Identifier: MIT */
/* Thread-specific data whose destructors allocate and set it anew, as often as the C library calls
 * them; C11 threads and their storage; handlers around forks that allocate. */
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <threads.h>

#include "torture.h"

#define THREADS 50

static pthread_key_t key;
static tss_t storage;
static _Atomic unsigned destroyed;

static void destroy(void *block)
{
	drop(block, 40);
	destroyed++;
	churn(3, 41);
	MUST(pthread_setspecific(key, hold(40)) == 0); /* the last one stays for good */
}

static void *live(void *unused)
{
	(void)unused;
	MUST(pthread_setspecific(key, hold(40)) == 0);
	return NULL;
}

static void destroy_storage(void *block)
{
	drop(block, 44);
	keep(1, 45);
}

static int live_c11(void *number)
{
	MUST(tss_set(storage, hold(44)) == thrd_success);
	churn(10, 46);
	thrd_exit(*(int *)number);
}

static void around_fork(void)
{
	churn(3, 60);
	keep(1, 61);
}

static void fork_some(void)
{
	MUST(pthread_atfork(around_fork, around_fork, around_fork) == 0);
	for (int i = 0; i < 20; i++) {
		int status = -1;
		pid_t pid = fork();

		if (pid == 0) {
			keep(2, 62);
			exit(i);
		}
		MUST(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == i);
	}
}

int main(void)
{
	pthread_t thread;
	thrd_t c11;

	MUST(pthread_key_create(&key, destroy) == 0);
	for (int i = 0; i < THREADS; i++) {
		MUST(pthread_create(&thread, NULL, live, NULL) == 0);
		pthread_join(thread, NULL);
	}
	say("destroyed %u times, of %d\n", destroyed, THREADS * PTHREAD_DESTRUCTOR_ITERATIONS);
	MUST(tss_create(&storage, destroy_storage) == thrd_success);
	for (int i = 0; i < THREADS; i++) {
		int result = -1;

		MUST(thrd_create(&c11, live_c11, &i) == thrd_success);
		MUST(thrd_join(c11, &result) == thrd_success && result == i);
	}
	fork_some();
	return 0;
}
