/* SPDX-License-Identifier: MIT */
/*
 * jumps: out of frames that allocate, out of handlers of faults, out of timers' handlers between
 * allocations, with and without an alternate stack.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>

#include "torture.h"

#define ROUNDS 300

static jmp_buf there;
static sigjmp_buf here;
static volatile sig_atomic_t may_jump;

static __attribute__((noinline)) void go_down(int depth)
{
	churn(1, 20);
	if (depth > 0)
		go_down(depth - 1);
	else if (may_jump)
		longjmp(there, 1);
	churn(1, 21); /* never */
}

static void over_frames(void)
{
	for (volatile int i = 0; i < ROUNDS; i++) {
		void *volatile block = hold(30);

		if (setjmp(there) == 0)
			go_down(i % 20);
		drop(block, 30);
		churn(1, 22);
	}
}

static void on_fault(int number)
{
	churn(1, (size_t)number);
	siglongjmp(here, 1);
}

static void out_of_faults(void)
{
	for (volatile int i = 0; i < ROUNDS; i++) {
		if (sigsetjmp(here, 1) == 0)
			*(volatile int *)8 = 1;
		keep(1, 8);
	}
}

/* The heap must not be left half-way; everything else may. */
static void on_timer(int number)
{
	(void)number;
	if (may_jump)
		siglongjmp(here, 1);
}

static void out_of_work(void)
{
	struct itimerval often = {{.tv_usec = 1000}, {.tv_usec = 1000}}, never = {{0}, {0}};

	MUST(setitimer(ITIMER_REAL, &often, NULL) == 0);
	for (volatile int i = 0; i < ROUNDS; i++) {
		if (sigsetjmp(here, 1) == 0) {
			churn(100, 100);
			may_jump = 1;
			for (;;)
				;
		}
		may_jump = 0;
		keep(1, 9);
	}
	MUST(setitimer(ITIMER_REAL, &never, NULL) == 0);
}

static void set(int number, void (*handler)(int number), int flags)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = flags};

	MUST(sigaction(number, &action, NULL) == 0);
}

int main(void)
{
	stack_t stack = {.ss_size = 32768};

	may_jump = 1;
	over_frames();
	may_jump = 0;
	set(SIGSEGV, on_fault, 0);
	out_of_faults();
	set(SIGALRM, on_timer, 0);
	out_of_work();
	stack.ss_sp = mmap(NULL, stack.ss_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			   -1, 0);
	MUST(sigaltstack(&stack, NULL) == 0);
	set(SIGSEGV, on_fault, SA_ONSTACK);
	out_of_faults();
	set(SIGALRM, on_timer, SA_ONSTACK);
	out_of_work();
	say("all landed\n");
	return 0;
}
