/* SPDX-License-Identifier: MIT */
/*
 * cancelled HOW: threads that are cancelled again and again. HOW: deferred (in malloc-heavy loops,
 * at points of their own), asynchronous (while they compute, between allocations), disabled (the
 * cancellation waits until they allow it), points (in calls that are cancellation points). Cleanup
 * handlers and keys' destructors free and allocate.
 */
#include <pthread.h>
#include <semaphore.h>
#include <string.h>
#include <time.h>

#include "torture.h"

#define ROUNDS 200

static const char *how;
static pthread_key_t key;
static sem_t ready;
static unsigned cleaned, destroyed;

static void clean(void *block)
{
	int state;

	/* Not undone by anything that heapmark does when these allocate. */
	MUST(pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state) == 0);
	drop(block, 300);
	churn(5, 50);
	cleaned++;
}

static void destroy(void *block)
{
	drop(block, 200);
	churn(5, 51);
	destroyed++;
}

static void compute_for_ever(void)
{
	volatile unsigned sum = 0;
	int type;

	churn(10, 100);
	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &type);
	MUST(type == PTHREAD_CANCEL_DEFERRED);
	sem_post(&ready);
	for (;;)
		sum++;
}

static void allow_at_last(void)
{
	int state, type;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	MUST(state == PTHREAD_CANCEL_ENABLE);
	sem_post(&ready);
	for (int i = 0; i < 100; i++) {
		struct timespec moment = {.tv_nsec = 1000};

		churn(10, 100);
		nanosleep(&moment, NULL); /* no point while disabled */
	}
	pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, &type);
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &state);
	MUST(state == PTHREAD_CANCEL_DISABLE);
	for (;;)
		pause();
}

static void wait_at_points(void)
{
	struct timespec moment = {.tv_nsec = 1000};

	sem_post(&ready);
	for (;;) {
		churn(10, 100);
		nanosleep(&moment, NULL);
		MUST(write(STDERR_FILENO, "", 0) == 0);
	}
}

static void *live(void *unused)
{
	void *block = hold(300);

	(void)unused;
	MUST(pthread_setspecific(key, hold(200)) == 0);
	pthread_cleanup_push(clean, block);
	if (!strcmp(how, "asynchronous"))
		compute_for_ever();
	if (!strcmp(how, "disabled"))
		allow_at_last();
	if (!strcmp(how, "points"))
		wait_at_points();
	sem_post(&ready);
	for (;;) {
		churn(100, 100);
		pthread_testcancel();
	}
	pthread_cleanup_pop(0);
	return NULL;
}

int main(int argc, char **argv)
{
	how = argc > 1 ? argv[1] : "deferred";
	sem_init(&ready, 0, 0);
	MUST(pthread_key_create(&key, destroy) == 0);
	for (int i = 0; i < ROUNDS; i++) {
		pthread_t thread;
		void *result = NULL;

		MUST(pthread_create(&thread, NULL, live, NULL) == 0);
		sem_wait(&ready);
		churn((unsigned)i % 10, 10);
		MUST(pthread_cancel(thread) == 0);
		MUST(pthread_join(thread, &result) == 0 && result == PTHREAD_CANCELED);
	}
	say("%u cleaned, %u destroyed\n", cleaned, destroyed);
	return 0;
}
