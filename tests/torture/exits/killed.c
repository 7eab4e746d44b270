/* SPDX-License-Identifier: MIT */
/*
 * killed HOW: SIGKILL, which nothing sees coming. HOW: marked (right after a snapshot that the
 * program asked for), threads (the same, while others allocate), working (until somebody kills it),
 * ready (until somebody sends SIGTERM).
 */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "heapmark.h"
#include "torture.h"

static void *allocate(void *unused)
{
	(void)unused;
	for (;;)
		churn(100, 100);
	return NULL;
}

static void mark(void)
{
	int recorded = heapmark_is_recording();

	MUST(heapmark_snapshot("marked") > 0 || !recorded);
	book_mark();
	expect_trace(TRACE_SNAPSHOT);
}

int main(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "marked";
	void *block = hold(1000);

	keep(100, 100);
	churn(100, 10);
	expect_trace(TRACE_CUT);
	if (!strcmp(how, "threads")) {
		pthread_t thread;

		for (int i = 0; i < 3; i++)
			MUST(pthread_create(&thread, NULL, allocate, NULL) == 0);
		mark();
		keep(50, 33);
	}
	if (!strcmp(how, "marked")) {
		mark();
		drop(block, 1000); /* not in the trace any more */
		keep(1, 1);
	}
	if (!strcmp(how, "ready"))
		expect_trace(TRACE_WHOLE);
	say("%s\n", how);
	while (!strcmp(how, "ready"))
		pause();
	while (!strcmp(how, "working"))
		churn(10, 10);
	kill(getpid(), SIGKILL);
	return 0;
}
