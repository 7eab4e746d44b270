/* SPDX-License-Identifier: MIT */
/* Threads that cannot be made: their stack is larger than there is room for, or a limit is
 * reached. Others that can go on as if nothing had been. */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/resource.h>
#include <threads.h>

#include "torture.h"

static void *live(void *unused)
{
	(void)unused;
	churn(10, 100);
	keep(1, 10);
	return NULL;
}

static void try(size_t stack_size)
{
	pthread_attr_t attributes;
	pthread_t thread;
	int error;

	pthread_attr_init(&attributes);
	MUST(pthread_attr_setstacksize(&attributes, stack_size) == 0);
	error = pthread_create(&thread, &attributes, live, NULL);
	say("%zu: %s\n", stack_size, strerror(error));
	if (!error)
		pthread_join(thread, NULL);
	pthread_attr_destroy(&attributes);
}

int main(void)
{
	struct rlimit limit;

	for (int i = 0; i < 100; i++) {
		try((size_t)1 << 46);
		try((size_t)1 << 50);
		try(65536);
	}
	MUST(getrlimit(RLIMIT_AS, &limit) == 0);
	limit.rlim_cur = (rlim_t)1 << 31;
	MUST(setrlimit(RLIMIT_AS, &limit) == 0);
	try((size_t)1 << 32);
	try(65536);
	return 0;
}
