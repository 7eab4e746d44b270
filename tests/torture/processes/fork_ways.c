/* SPDX-License-Identifier: MIT */
/* fork_ways HOW: forks, in the manner that the argument says. */
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <ucontext.h>

#include "children.h"
#include "heapmark.h"

static void in_child(void (*child)(void))
{
	pid_t pid = fork();

	if (pid == 0) {
		child();
		exit(5);
	}
	say_end("child", pid);
}

static void starts_threads(void)
{
	work_in_threads(4);
	work();
}

static void threads(void)
{
	in_child(starts_threads);
}

/* The parent has threads, too, before and after. */
static void threads_both(void)
{
	work_in_threads(4);
	in_child(starts_threads);
	work_in_threads(4);
}

static unsigned generation;

static void has_child(void)
{
	work();
	if (++generation < 10)
		in_child(has_child);
	work();
}

static void *forks_in_thread(void *unused)
{
	in_child(starts_threads);
	return unused;
}

static void not_main(void)
{
	pthread_t thread;

	for (int i = 0; i < 3; i++) {
		MUST(pthread_create(&thread, NULL, forks_in_thread, NULL) == 0);
		MUST(pthread_join(thread, NULL) == 0);
	}
}

static void does_nothing(void)
{
}

static void quiet(void)
{
	in_child(does_nothing);
}

static void leaves_now(void)
{
	work();
	_exit(4);
}

static void exit_now(void)
{
	in_child(leaves_now);
}

static void aborts(void)
{
	work();
	abort();
}

static void faults(void)
{
	work();
	*(volatile int *)8 = 1;
}

static void is_terminated(void)
{
	work();
	raise(SIGTERM);
}

static void is_killed(void)
{
	expect_trace(TRACE_MAYBE);
	work();
	raise(SIGKILL);
}

static void signalled(void)
{
	in_child(aborts);
	in_child(faults);
	in_child(is_terminated);
	in_child(is_killed);
}

static pid_t oldest;

static void outlives(void)
{
	for (int i = 0; getppid() != oldest; i++)
		usleep(1000);
	work_in_threads(2);
}

static void leaves_orphan(void)
{
	if (fork() == 0) {
		outlives();
		exit(0);
	}
	work();
}

static void orphans(void)
{
	oldest = getpid();
	MUST(prctl(PR_SET_CHILD_SUBREAPER, 1) == 0);
	in_child(leaves_orphan);
	await_all();
}

static void *handler_block;

static void handle_fork(void)
{
	churn(3, 24);
	keep(1, 48);
	if (handler_block)
		drop(handler_block, 96);
	handler_block = hold(96);
}

static void atfork(void)
{
	for (int i = 0; i < 3; i++)
		MUST(pthread_atfork(handle_fork, handle_fork, handle_fork) == 0);
	in_child(starts_threads);
	in_child(has_child);
}

static void on_signal(int number)
{
	pid_t pid = fork();

	(void)number;
	if (pid == 0) {
		work();
		_exit(6);
	}
	say_end("from a handler", pid);
}

static void in_handler(void)
{
	MUST(signal(SIGUSR1, on_signal) != SIG_ERR);
	for (int i = 0; i < 10; i++) {
		work();
		raise(SIGUSR1);
	}
}

/* Wherever the alarm finds the program below malloc(): two of it go on from there. (Not in the code
 * of the case itself, which may have the page of its book at hand.) */
#if defined(__x86_64__)
#define INTERRUPTED(machine) (machine).gregs[REG_RIP]
#else
#define INTERRUPTED(machine) (machine).pc
#endif
extern const char __executable_start[], etext[];
static volatile sig_atomic_t forked;

static void split(int number, siginfo_t *info, void *context)
{
	const char *pc = (const char *)INTERRUPTED(((ucontext_t *)context)->uc_mcontext);
	int saved_errno = errno;
	pid_t pid = -1;

	(void)number;
	(void)info;
	if (forked < 40 && (pc < __executable_start || pc >= etext))
		pid = fork();
	if (pid == 0) {
		forked = 1000;
		expect_trace(TRACE_RACING);
		book_held(100); /* the call that was cut in two may be the child's, too */
	} else if (pid > 0) {
		forked++;
	}
	errno = saved_errno;
}

static void interrupted(void)
{
	const struct itimerval often = {{0, 2000}, {0, 2000}};
	const struct sigaction action = {.sa_sigaction = split,
					 .sa_flags = SA_SIGINFO | SA_RESTART};

	MUST(sigaction(SIGALRM, &action, NULL) == 0);
	MUST(setitimer(ITIMER_REAL, &often, NULL) == 0);
	while (forked < 40) {
		void *block = hold(100);

		drop(block, 100);
	}
	for (int i = 0; i < 50; i++)
		work();
	if (forked >= 1000)
		exit(0);
	await_all();
}

/* Only where something lists the modules, and is interrupted in that (signal_listing.c). */
static void on_listing(int number)
{
	int saved_errno = errno;
	pid_t pid = forked < 3 ? fork() : -1;

	(void)number;
	if (pid == 0) {
		forked = 1000;
		expect_trace(TRACE_RACING);
	} else if (pid > 0) {
		forked++;
	}
	errno = saved_errno;
}

static void listing(void)
{
	MUST(signal(SIGURG, on_listing) != SIG_ERR);
	for (int i = 0; i < 3 && forked < 1000; i++) {
		work();
		heapmark_snapshot("listed");
	}
	work();
	MUST(signal(SIGURG, SIG_IGN) != SIG_ERR);
	if (forked >= 1000)
		exit(0);
	await_all();
}

static void by_Fork(void)
{
	pid_t pid = _Fork();

	if (pid == 0) {
		book_process();
		starts_threads();
		exit(7);
	}
	say_end("_Fork", pid);
}

static void by_clone(void)
{
	pid_t pid = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);

	if (pid == 0) {
		book_process();
		work();
		exit(8);
	}
	say_end("clone", pid);
}

/* A child that nobody told of, and that makes no heap call. */
static void by_clone_quiet(void)
{
	pid_t pid = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);

	if (pid == 0) {
		book_process();
		expect_trace(TRACE_NONE);
		_exit(9);
	}
	say_end("quiet clone", pid);
}

static void raw(void)
{
	by_Fork();
	by_clone();
	by_clone_quiet();
	by_clone();
}

static const struct way ways[] = {
	{"threads", threads},
	{"threads-both", threads_both},
	{"generations", has_child},
	{"not-main", not_main},
	{"quiet", quiet},
	{"exit-now", exit_now},
	{"signalled", signalled},
	{"orphans", orphans},
	{"atfork", atfork},
	{"handler", in_handler},
	{"interrupted", interrupted},
	{"listing", listing},
	{"raw", raw},
};

int main(int argc, char **argv)
{
	work();
	MUST(argc > 1);
	go_way(ways, sizeof(ways) / sizeof(*ways), argv[1]);
	work();
	return 3;
}
