/* SPDX-License-Identifier: MIT */
/* Threads with the smallest stacks there are, and a main thread that recurses nearly to the end of
 * its own. */
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "torture.h"

static void *in_thread(void *unused)
{
	churn(50, 100);
	keep(5, 200);
	return unused;
}

/* The heap call is made with this much left below. */
#define LEFT 12000

static void recurse(const char *end)
{
	volatile char frame[200];

	frame[0] = 1;
	if ((const char *)frame - end > LEFT)
		recurse(end);
	else
		keep(3, 300);
	frame[1] = 2;
}

int main(void)
{
	pthread_attr_t attributes;
	struct rlimit limit;
	pthread_t thread;
	char here;

	MUST(pthread_attr_init(&attributes) == 0);
	MUST(pthread_attr_setstacksize(&attributes, PTHREAD_STACK_MIN) == 0);
	for (int i = 0; i < 20; i++) {
		MUST(pthread_create(&thread, &attributes, in_thread, NULL) == 0);
		MUST(pthread_join(thread, NULL) == 0);
	}
	MUST(getrlimit(RLIMIT_STACK, &limit) == 0);
	recurse(&here - limit.rlim_cur + 16384);
	say("done\n");
	return 0;
}
