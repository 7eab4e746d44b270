/* SPDX-License-Identifier: MIT */
/*
 * ways_out WAY...: starts itself once for each way to end, and prints how that ended. Each process
 * says what its trace is to be.
 */
#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "heapmark.h"
#include "torture.h"

extern char **environ;

/* Its trace will have no end, but this snapshot. */
static void mark(void)
{
	MUST(heapmark_snapshot("the last") > 0 || !heapmark_is_recording());
	book_mark();
	expect_trace(TRACE_SNAPSHOT);
	keep(1, 1);
}

/*
 * Calls.
 */

static void by_return(void)
{
}

static void by_exit(void)
{
	exit(7);
}

static void by_exit_now(void)
{
	_exit(8);
}

static void by_exit_now_of_c(void)
{
	_Exit(9);
}

static void at_quick(void)
{
	keep(3, 50);
	churn(2, 51);
}

static void by_quick_exit(void)
{
	at_quick_exit(at_quick);
	at_quick_exit(at_quick);
	quick_exit(10);
}

static void by_abort(void)
{
	abort();
}

static void by_assert(void)
{
	assert(!"that should be so");
}

/* No function of the C library's is called that heapmark could see. */
static void by_system_call(void)
{
	mark();
	syscall(SYS_exit_group, 11);
}

/*
 * Exit handlers.
 */

static void allocate(void)
{
	keep(4, 40);
	churn(4, 41);
}

static void allocate_with_status(int status, void *unused)
{
	(void)unused;
	keep((unsigned)status, 42);
}

static void exit_again(void)
{
	allocate();
	exit(21);
}

static void leave_now(void)
{
	allocate();
	_exit(22);
}

static void fork_one(void)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		keep(5, 55); /* and it goes on with the other handlers */
		return;
	}
	MUST(waitpid(pid, &status, 0) == pid);
	say("the handler's child: %d\n", status);
}

static void kill_self(void)
{
	allocate();
	raise(SIGTERM);
	_exit(96);
}

static void register_more(void)
{
	allocate();
	atexit(allocate);
}

static void by_handlers(void)
{
	for (int i = 0; i < 100; i++) /* more than the C library has room for at first */
		MUST(atexit(allocate) == 0);
	MUST(on_exit(allocate_with_status, NULL) == 0);
	exit(13);
}

static void by_exit_again(void)
{
	atexit(allocate);
	atexit(exit_again);
	atexit(allocate);
	exit(20);
}

static void by_handler_that_leaves(void)
{
	atexit(leave_now);
	exit(20);
}

static void by_handler_that_forks(void)
{
	atexit(allocate);
	atexit(fork_one);
	exit(20);
}

static void by_signal_in_handler(void)
{
	atexit(kill_self);
	exit(20);
}

static void by_handler_that_registers(void)
{
	atexit(register_more);
	exit(20);
}

/*
 * Signals' handlers.
 */

static void handle_with_exit(int number)
{
	keep(1, (size_t)number);
	exit(30);
}

static void handle_with_exit_now(int number)
{
	keep(1, (size_t)number);
	_exit(31);
}

static void handle_with_quick_exit(int number)
{
	keep(1, (size_t)number);
	quick_exit(32);
}

static void handle_with_default(int number)
{
	keep(1, (size_t)number);
	signal(number, SIG_DFL);
}

static void handle_with_default_and_raise(int number)
{
	keep(1, (size_t)number);
	signal(number, SIG_DFL);
	raise(number); /* comes when this returns */
	keep(1, 8);
}

static void handle_with_abort(int number)
{
	keep(1, (size_t)number);
	abort();
}

static void handle(int number)
{
	keep(1, (size_t)number);
}

static void raise_with(void (*handler)(int number), int number)
{
	MUST(signal(number, handler) == SIG_DFL);
	raise(number);
}

static void by_handled_exit(void)
{
	atexit(allocate);
	raise_with(handle_with_exit, SIGTERM);
}

static void by_handled_exit_now(void)
{
	raise_with(handle_with_exit_now, SIGINT);
}

static void by_handled_quick_exit(void)
{
	at_quick_exit(at_quick);
	raise_with(handle_with_quick_exit, SIGHUP);
}

static void by_handled_default_and_raise(void)
{
	raise_with(handle_with_default_and_raise, SIGQUIT);
}

static void by_handled_abort(void)
{
	raise_with(handle_with_abort, SIGSEGV);
}

/* abort() sees to it that it ends nevertheless. */
static void by_handled_abort_signal(void)
{
	signal(SIGABRT, handle);
	abort();
}

static void by_ignored_abort_signal(void)
{
	signal(SIGABRT, SIG_IGN);
	abort();
}

static void by_blocked_abort_signal(void)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	abort();
}

/*
 * Faults.
 */

static void fault_null(void)
{
	*(volatile int *)8 = 1;
}

static void fault_divide(void)
{
	volatile int zero = 0;

	*(volatile int *)&zero = 1 / zero;
}

static void fault_illegal(void)
{
	__builtin_trap();
}

static void fault_bus(void)
{
	FILE *file = tmpfile();
	volatile char *mapped =
		mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fileno(file), 0);

	mapped[0] = 1; /* beyond the file's end */
}

static void fault_trap(void)
{
	raise(SIGTRAP);
}

static int overflow(int depth) /* until there is no stack */
{
	volatile char room[4000];

	room[0] = (char)depth;
	return depth < 0 ? 0 : overflow(depth + 1) + room[0];
}

static void fault_overflow(void)
{
	mark(); /* there is no room for a handler */
	overflow(0);
}

static void use_alternate_stack(void)
{
	stack_t stack = {.ss_size = 16384};

	stack.ss_sp = mmap(NULL, stack.ss_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			   -1, 0);
	MUST(sigaltstack(&stack, NULL) == 0);
}

static void fault_overflow_alternate(void)
{
	use_alternate_stack();
	overflow(0);
}

static void on_overflow(int number)
{
	churn(2, (size_t)number);
	say("the handler of the overflow\n");
	_exit(33);
}

static void fault_overflow_handled(void)
{
	struct sigaction action = {.sa_handler = on_overflow, .sa_flags = SA_ONSTACK};

	use_alternate_stack();
	MUST(sigaction(SIGSEGV, &action, NULL) == 0);
	overflow(0);
}

static void fault_handled_to_default(void)
{
	signal(SIGSEGV, handle_with_default);
	fault_null();
}

/* The kernel takes the handler away itself, the second time it is the default. */
static void fault_handled_once(void)
{
	struct sigaction action = {.sa_handler = handle, .sa_flags = (int)SA_RESETHAND};

	mark();
	sigaction(SIGSEGV, &action, NULL);
	fault_null();
}

static void raised_once(void)
{
	struct sigaction action = {.sa_handler = handle, .sa_flags = (int)SA_RESETHAND};

	mark();
	sigaction(SIGTERM, &action, NULL);
	raise(SIGTERM);
	raise(SIGTERM);
}

/* The kernel does not ask then. */
static void fault_ignored(void)
{
	mark();
	signal(SIGSEGV, SIG_IGN);
	fault_null();
}

static void fault_blocked(void)
{
	sigset_t all;

	mark();
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	fault_null();
}

/* The allocator finds that its blocks were written over, which is an abort() within. */
static void fault_in_realloc(void)
{
	char *volatile inner = (char *)hold(100) + 16;

	inner = realloc(inner, 1000);
}

static void fault_in_free(void)
{
	char *volatile inner = (char *)hold(100) + 16;

	free(inner);
}

/*
 * Threads.
 */

static void *run_thread(void *way)
{
	keep(2, 22);
	(*(void (*const *)(void))way)();
	pause();
	return NULL;
}

static void in_thread(void (*way)(void))
{
	pthread_t thread;

	MUST(pthread_create(&thread, NULL, run_thread, &way) == 0);
	pthread_join(thread, NULL);
	_exit(95);
}

static void thread_exit(void)
{
	atexit(allocate);
	in_thread(by_exit);
}

static void thread_exit_now(void)
{
	in_thread(by_exit_now);
}

static void thread_abort(void)
{
	in_thread(by_abort);
}

static void thread_assert(void)
{
	in_thread(by_assert);
}

static void thread_fault(void)
{
	in_thread(fault_null);
}

static void thread_overflow(void)
{
	in_thread(fault_overflow);
}

static void thread_overflow_alternate(void)
{
	in_thread(fault_overflow_alternate);
}

static void *stay(void *main_thread)
{
	pthread_join(*(pthread_t *)main_thread, NULL);
	keep(10, 10);
	return NULL; /* the last one: that is exit(0) */
}

static void main_thread_first(void)
{
	static pthread_t self;
	pthread_t thread;

	self = pthread_self();
	atexit(allocate);
	MUST(pthread_create(&thread, NULL, stay, &self) == 0);
	pthread_exit(NULL);
}

static void main_thread_alone(void)
{
	atexit(allocate);
	pthread_exit(NULL);
}

static void *kill_process(void *main_thread)
{
	pthread_join(*(pthread_t *)main_thread, NULL);
	keep(10, 10);
	kill(getpid(), SIGTERM);
	pause();
	return NULL;
}

static void main_thread_first_then_killed(void)
{
	static pthread_t self;
	pthread_t thread;

	self = pthread_self();
	MUST(pthread_create(&thread, NULL, kill_process, &self) == 0);
	pthread_exit(NULL);
}

#define WAY(name) \
	{ \
#name, name \
	}

static const struct {
	const char *name;
	void (*leave)(void);
} ways[] = {
	WAY(by_return),
	WAY(by_exit),
	WAY(by_exit_now),
	WAY(by_exit_now_of_c),
	WAY(by_quick_exit),
	WAY(by_abort),
	WAY(by_assert),
	WAY(by_system_call),
	WAY(by_handlers),
	WAY(by_exit_again),
	WAY(by_handler_that_leaves),
	WAY(by_handler_that_forks),
	WAY(by_signal_in_handler),
	WAY(by_handler_that_registers),
	WAY(by_handled_exit),
	WAY(by_handled_exit_now),
	WAY(by_handled_quick_exit),
	WAY(by_handled_default_and_raise),
	WAY(by_handled_abort),
	WAY(by_handled_abort_signal),
	WAY(by_ignored_abort_signal),
	WAY(by_blocked_abort_signal),
	WAY(fault_null),
	WAY(fault_divide),
	WAY(fault_illegal),
	WAY(fault_bus),
	WAY(fault_trap),
	WAY(fault_overflow),
	WAY(fault_overflow_alternate),
	WAY(fault_overflow_handled),
	WAY(fault_handled_to_default),
	WAY(fault_handled_once),
	WAY(raised_once),
	WAY(fault_ignored),
	WAY(fault_blocked),
	WAY(fault_in_realloc),
	WAY(fault_in_free),
	WAY(thread_exit),
	WAY(thread_exit_now),
	WAY(thread_abort),
	WAY(thread_assert),
	WAY(thread_fault),
	WAY(thread_overflow),
	WAY(thread_overflow_alternate),
	WAY(main_thread_first),
	WAY(main_thread_alone),
	WAY(main_thread_first_then_killed),
};

/* Whatever begins with that. */
static int start_all(char *program, const char *beginning)
{
	int started = 0;

	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		char *const argv[] = {program, (char *)"=", (char *)ways[i].name, NULL};
		int status = -1;
		pid_t pid;

		if (strncmp(ways[i].name, beginning, strlen(beginning)) != 0)
			continue;
		MUST(posix_spawn(&pid, program, NULL, NULL, argv, environ) == 0);
		MUST(waitpid(pid, &status, 0) == pid);
		say("%s: %s %d%s\n", ways[i].name, WIFEXITED(status) ? "status" : "signal",
		    WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status),
		    WIFSIGNALED(status) && WCOREDUMP(status) ? ", core" : "");
		started++;
	}
	return started;
}

static int leave(const char *name)
{
	keep(50, 60);
	churn(50, 70);
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		if (!strcmp(ways[i].name, name))
			ways[i].leave();
	return 12;
}

int main(int argc, char **argv)
{
	if (argc > 2 && !strcmp(argv[1], "="))
		return leave(argv[2]);
	for (int i = 1; i < argc; i++)
		MUST(start_all(argv[0], argv[i]) > 0);
	return 0;
}
