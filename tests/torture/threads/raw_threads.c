/* SPDX-License-Identifier: MIT */
/*
 * Threads that are made by the clone system call alone: they have the thread-local storage of the
 * thread that made them, which waits while they allocate, and not while they only compute.
 */
#include <linux/futex.h>
#include <sched.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "torture.h"

#define ROUNDS 100
#define STACK  65536

static int tid;
static volatile int computing;

static int allocate(void *unused)
{
	(void)unused;
	keep(2, 20);
	churn(20, 21);
	return 0;
}

static int compute(void *unused)
{
	(void)unused;
	while (computing)
		;
	return 0;
}

static void start(int (*run)(void *), char *stack)
{
	tid = -1;
	MUST(clone(run, stack + STACK,
		   CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |
			   CLONE_SYSVSEM | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID,
		   NULL, &tid, NULL, &tid) > 0);
}

static void wait_for_end(void)
{
	int now;

	while ((now = __atomic_load_n(&tid, __ATOMIC_ACQUIRE)) != 0)
		syscall(SYS_futex, &tid, FUTEX_WAIT, now, NULL, NULL, 0);
}

int main(void)
{
	char *stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	MUST(stack != MAP_FAILED);
	for (int i = 0; i < ROUNDS; i++) {
		start(allocate, stack);
		wait_for_end();
		keep(1, 22);
		computing = 1;
		start(compute, stack);
		churn(50, 23);
		computing = 0;
		wait_for_end();
	}
	say("%d rounds\n", ROUNDS);
	return 0;
}
