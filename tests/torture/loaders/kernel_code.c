/* SPDX-License-Identifier: MIT */
/* Signals that come while the program asks the clock, in the code that the kernel lends it; their
 * handler allocates. */
#include <signal.h>
#include <sys/time.h>
#include <time.h>

#include "torture.h"

#define WANTED 300

static volatile sig_atomic_t seen;

static void handle(int number)
{
	(void)number;
	if (seen < WANTED) {
		seen++;
		drop(hold(64), 64);
	}
}

int main(void)
{
	struct sigaction action = {.sa_handler = handle, .sa_flags = SA_RESTART};
	struct itimerval often = {{0, 200}, {0, 200}}, never = {{0, 0}, {0, 0}};
	struct timespec now;
	struct timeval day;

	MUST(sigaction(SIGALRM, &action, NULL) == 0 && setitimer(ITIMER_REAL, &often, NULL) == 0);
	while (seen < WANTED) {
		clock_gettime(CLOCK_MONOTONIC, &now);
		gettimeofday(&day, NULL);
	}
	MUST(setitimer(ITIMER_REAL, &never, NULL) == 0);
	churn(3, 30);
	say("%d signals\n", (int)seen);
	return 0;
}
