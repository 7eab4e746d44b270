/* SPDX-License-Identifier: MIT */
/*
 * bold_handler HOW: the program's own allocator may be called from signal handlers, so a handler
 * that comes in the middle of it may allocate, and may even jump out of it. HOW: allocates, jumps.
 */
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>

#include "torture.h"

#define ROUNDS 200

static const char *how;
static sigjmp_buf out;
static volatile sig_atomic_t came, working;

static void on_timer(int number)
{
	(void)number;
	came++;
	churn(2, 200);
	if (!strcmp(how, "jumps") && working)
		siglongjmp(out, 1);
}

int main(int argc, char **argv)
{
	struct itimerval often = {{.tv_usec = 500}, {.tv_usec = 500}}, never = {{0}, {0}};

	how = argc > 1 ? argv[1] : "allocates";
	expect_trace(TRACE_RACING);
	signal(SIGALRM, on_timer);
	MUST(setitimer(ITIMER_REAL, &often, NULL) == 0);
	while (came < ROUNDS) {
		if (sigsetjmp(out, 1) == 0) {
			working = 1;
			churn(1000, 100);
		}
		working = 0;
	}
	MUST(setitimer(ITIMER_REAL, &never, NULL) == 0);
	say("done\n");
	return 0;
}
