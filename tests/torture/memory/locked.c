/* SPDX-License-Identifier: MIT */
/* locked USER: all memory is locked, now and from now on; with a USER other than 0, under a small
 * limit, at which memory that cannot be locked cannot be had either. */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "torture.h"

static void *in_thread(void *unused)
{
	churn(100, 500);
	keep(10, 100);
	return unused;
}

int main(int argc, char **argv)
{
	uid_t user = argc > 1 ? (uid_t)atoi(argv[1]) : 0;
	const struct rlimit little = {8 << 20, 8 << 20};
	pthread_attr_t attributes;
	pthread_t thread;

	keep(10, 100);
	if (user != 0) {
		MUST(setrlimit(RLIMIT_MEMLOCK, &little) == 0);
		MUST(setuid(user) == 0);
		MUST(mlockall(MCL_FUTURE) == 0);
		expect_trace(TRACE_LACKING);
	} else {
		MUST(mlockall(MCL_CURRENT | MCL_FUTURE) == 0);
	}
	keep(1000, 1000);
	errno = 0;
	if (user != 0)
		MUST(!malloc((size_t)9 << 20) && (errno == ENOMEM || errno == EAGAIN));
	MUST(pthread_attr_init(&attributes) == 0);
	MUST(pthread_attr_setstacksize(&attributes, 65536) == 0);
	MUST(pthread_create(&thread, &attributes, in_thread, NULL) == 0);
	MUST(pthread_join(thread, NULL) == 0);
	keep(10, 1000);
	say("done\n");
	return 0;
}
