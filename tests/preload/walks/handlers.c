/* SPDX-License-Identifier: MIT */
/*
 * Signal handlers that allocate, wherever the signal came: in a function's first instruction, in
 * libc, on the program's stack or on one of its own. While the program itself allocates, the
 * signals wait.
 */
#include "walk.h"

#include <signal.h>
#include <sys/time.h>

static volatile sig_atomic_t alarms, busy;
static volatile uint64_t sink;
static uint64_t kept_raised;

static FRAME void in_handler(void)
{
	keep(30);
	HERE();
}

static FRAME void on_alarm(int number)
{
	(void)number;
	if (busy)
		return;
	in_handler();
	alarms++;
}

static FRAME void on_raise(int number)
{
	(void)number;
	in_handler();
	kept_raised++;
}

/* Functions with prologues, leaves without frames, and libc's assembly, to be interrupted in. */
static FRAME uint64_t leaf(uint64_t x)
{
	return x * 3 + 1;
}

static FRAME uint64_t nest(uint64_t x, int depth)
{
	char room[64];

	TOUCH(room);
	return depth ? nest(leaf(x), depth - 1) + 1 : leaf(x);
}

static FRAME int order(const void *a, const void *b)
{
	return *(const char *)a - *(const char *)b;
}

static FRAME void compute(void)
{
	static char from[4096], to[4096];
	char small[64];

	for (int i = 0; i < 50; i++) {
		sink += nest(sink, 20);
		memcpy(to, from, sizeof(to));
		sink += strlen(from) + (uint64_t)memcmp(from, to, sizeof(to));
		memcpy(small, to, sizeof(small));
		qsort(small, sizeof(small), 1, order);
	}
}

static void set_handler(int number, void (*handler)(int), int flags)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = flags};

	if (sigaction(number, &action, NULL) != 0)
		abort();
}

static FRAME void raise_here(int depth)
{
	char room[40];

	TOUCH(room);
	if (depth)
		raise_here(depth - 1);
	else
		raise(SIGUSR1);
	HERE();
}

int main(int argc, char **argv)
{
	static char stack[65536];
	stack_t other = {.ss_sp = stack, .ss_size = sizeof(stack)};
	struct itimerval often = {{0, 300}, {0, 300}}, never = {{0, 0}, {0, 0}};
	int wanted = 400 * rounds(argc, argv);
	int kept = 0;

	sigaltstack(&other, NULL);
	for (int i = 0; i < wanted; i++) {
		set_handler(SIGUSR1, on_raise, i % 2 ? SA_ONSTACK : 0);
		raise_here(i % 20);
	}
	set_handler(SIGALRM, on_alarm, SA_RESTART);
	setitimer(ITIMER_REAL, &often, NULL);
	while (alarms < wanted) {
		if (alarms == wanted / 2)
			set_handler(SIGALRM, on_alarm, SA_RESTART | SA_ONSTACK);
		compute();
		busy = 1;
		keep(40);
		kept++;
		busy = 0;
	}
	busy = 1;
	setitimer(ITIMER_REAL, &never, NULL);
	path_add(kept_raised, "keep<in_handler<on_raise<*<raise_here<*<main");
	path_add((uint64_t)alarms, "keep<in_handler<on_alarm<*<main");
	path_add((uint64_t)kept, "keep<main");
	return walk_end(argc, argv);
}
