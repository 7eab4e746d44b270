/* SPDX-License-Identifier: MIT */
/* Handlers of the program's own: when they run, with what, and what they interrupt. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>

#include "torture.h"

static volatile int depth, runs;

static void say_mask(const char *what)
{
	sigset_t mask;
	char text[65] = {0};

	sigprocmask(SIG_BLOCK, NULL, &mask);
	for (int number = 1; number <= 64; number++)
		text[number - 1] = sigismember(&mask, number) == 1 ? 'x' : '.';
	say("%s: %s\n", what, text);
}

static void on_signal(int number, siginfo_t *info, void *context)
{
	keep(1, 10);
	runs++;
	say("signal %d: code %d, from %s, value %d, context %s\n", number, info->si_code,
	    info->si_pid == getpid() ? "self" : "another", info->si_value.sival_int,
	    context ? "there" : "missing");
	say_mask("mask in the handler");
	errno = ENOTTY;
}

static void set(int number, void (*handler)(int number, siginfo_t *info, void *context), int flags)
{
	struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | flags};

	sigaddset(&action.sa_mask, SIGWINCH);
	MUST(sigaction(number, &action, NULL) == 0);
}

static void arguments(void)
{
	union sigval value = {.sival_int = 4711};

	set(SIGTERM, on_signal, 0);
	set(SIGRTMIN, on_signal, 0);
	set(SIGSEGV, on_signal, SA_NODEFER);
	raise(SIGTERM);
	kill(getpid(), SIGTERM);
	sigqueue(getpid(), SIGRTMIN, value);
	raise(SIGSEGV);
	say_mask("mask");
}

static void nest(int number, siginfo_t *info, void *context)
{
	(void)info;
	(void)context;
	depth++;
	churn(1, 100);
	if (runs++ < 3)
		raise(number);
	say("depth %d, run %d\n", depth, runs);
	depth--;
}

static void nesting(void)
{
	runs = 0;
	set(SIGINT, nest, SA_NODEFER);
	raise(SIGINT); /* one in another */
	runs = 0;
	set(SIGINT, nest, 0);
	raise(SIGINT); /* one after another */
}

static void note(int number)
{
	(void)number;
	runs++;
	churn(1, 100);
}

static void once(void)
{
	struct sigaction action = {.sa_handler = note, .sa_flags = (int)SA_RESETHAND}, now;

	MUST(sigaction(SIGHUP, &action, NULL) == 0);
	raise(SIGHUP);
	MUST(sigaction(SIGHUP, NULL, &now) == 0);
	say("after one: %s\n", now.sa_handler == SIG_DFL ? "the default" : "a handler");
	MUST(sysv_signal(SIGHUP, note) == SIG_DFL);
	raise(SIGHUP);
	say("again: %s\n", signal(SIGHUP, SIG_IGN) == SIG_DFL ? "the default" : "a handler");
	MUST(signal(SIGHUP, SIG_DFL) == SIG_IGN);
	MUST(sigset(SIGHUP, SIG_HOLD) == SIG_DFL);
	MUST(sigset(SIGHUP, note) == SIG_HOLD);
	MUST(sigignore(SIGHUP) == 0);
	MUST(signal(SIGHUP, SIG_DFL) == SIG_IGN);
}

static timer_t send_often(int number)
{
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = number};
	struct itimerspec when = {.it_interval.tv_nsec = 5000000, .it_value.tv_nsec = 5000000};
	timer_t timer;

	MUST(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
	MUST(timer_settime(timer, 0, &when, NULL) == 0);
	return timer;
}

static void *write_later(void *fd)
{
	struct timespec while_ = {.tv_nsec = 1000000};

	while (runs < 3)
		nanosleep(&while_, NULL);
	MUST(write(*(int *)fd, "x", 1) == 1);
	return NULL;
}

/* Whether a read goes on after a handler, or says that there was one. */
static void interrupted(int flags)
{
	struct sigaction action = {.sa_handler = note, .sa_flags = flags};
	struct timespec long_while = {.tv_sec = 100}, left;
	pthread_t thread;
	timer_t timer;
	sigset_t only;
	int ends[2], result;
	char byte;

	sigemptyset(&only);
	sigaddset(&only, SIGALRM);
	MUST(pipe(ends) == 0);
	MUST(sigaction(SIGALRM, &action, NULL) == 0);
	runs = 0;
	if (flags & SA_RESTART) {
		pthread_sigmask(SIG_BLOCK, &only, NULL); /* the thread is to have it blocked */
		MUST(pthread_create(&thread, NULL, write_later, &ends[1]) == 0);
		pthread_sigmask(SIG_UNBLOCK, &only, NULL);
	}
	timer = send_often(SIGALRM);
	result = (int)read(ends[0], &byte, 1);
	say("read: %d %s\n", result, result < 0 ? strerror(errno) : "");
	if (flags & SA_RESTART)
		pthread_join(thread, NULL);
	result = nanosleep(&long_while, &left);
	say("sleep: %d %s, %s left\n", result, strerror(errno),
	    left.tv_sec > 50 ? "much" : "little");
	timer_delete(timer);
	close(ends[0]);
	close(ends[1]);
}

/* Signals that are waited for reach no handler, whoever has set one. */
static void waited_for(void)
{
	const int numbers[] = {SIGTERM, SIGINT, SIGSEGV, SIGRTMAX, SIGUSR1, SIGSYS};
	struct timespec short_while = {.tv_nsec = 1000000};
	union sigval value = {.sival_int = 5};
	struct signalfd_siginfo read_info;
	siginfo_t info;
	sigset_t all;
	int number, fd;

	sigemptyset(&all);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		signal(numbers[i], SIG_DFL);
		sigaddset(&all, numbers[i]);
	}
	sigprocmask(SIG_BLOCK, &all, NULL);
	fd = signalfd(-1, &all, SFD_CLOEXEC);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		kill(getpid(), numbers[i]);
		churn(3, 30);
		MUST(sigwait(&all, &number) == 0);
		say("sigwait: %d\n", number);
		sigqueue(getpid(), numbers[i], value);
		MUST(sigwaitinfo(&all, &info) == numbers[i]);
		say("sigwaitinfo: %d %d\n", info.si_signo, info.si_value.sival_int);
		sigqueue(getpid(), numbers[i], value);
		MUST(read(fd, &read_info, sizeof(read_info)) == sizeof(read_info));
		say("signalfd: %u %d\n", read_info.ssi_signo, read_info.ssi_int);
		say("sigtimedwait: %d", sigtimedwait(&all, &info, &short_while));
		say(" %s\n", strerror(errno));
	}
	close(fd);
	sigprocmask(SIG_UNBLOCK, &all, NULL);
}

static void suspended(void)
{
	sigset_t none, hup;

	set(SIGHUP, on_signal, 0);
	sigemptyset(&none);
	sigemptyset(&hup);
	sigaddset(&hup, SIGHUP);
	sigprocmask(SIG_BLOCK, &hup, NULL);
	raise(SIGHUP);
	errno = 0;
	say("sigsuspend: %d", sigsuspend(&none));
	say(" %s\n", strerror(errno));
	sigprocmask(SIG_UNBLOCK, &hup, NULL);
}

static char *mapped;

static void on_fault(int number, siginfo_t *info, void *context)
{
	(void)context;
	say("fault %d: code %d at %s\n", number, info->si_code,
	    (char *)info->si_addr == mapped + 5000 ? "the right place" : "another");
	churn(2, 20);
	MUST(mprotect(mapped, 8192, PROT_READ | PROT_WRITE) == 0);
}

/* What garbage collectors do. */
static void mended_fault(void)
{
	mapped = mmap(NULL, 8192, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	set(SIGSEGV, on_fault, SA_ONSTACK);
	mapped[5000] = 1;
	say("after it: %d\n", mapped[5000]);
	signal(SIGSEGV, SIG_DFL);
	munmap(mapped, 8192);
}

static void from_child(void)
{
	int status, ends[2];
	sigset_t only;
	char byte;
	pid_t pid;

	MUST(pipe(ends) == 0);
	set(SIGCHLD, on_signal, 0);
	set(SIGUSR1, on_signal, SA_RESTART);
	runs = 0;
	sigemptyset(&only);
	sigaddset(&only, SIGUSR1);
	sigprocmask(SIG_BLOCK, &only, NULL); /* the handler allocates, and may not within fork() */
	pid = fork();
	if (pid == 0) {
		keep(2, 5);
		kill(getppid(), SIGUSR1);
		MUST(read(ends[0], &byte, 1) == 1);
		_exit(4);
	}
	sigprocmask(SIG_UNBLOCK, &only, NULL);
	while (runs == 0) /* not both at once */
		usleep(1000);
	MUST(write(ends[1], "", 1) == 1);
	while (waitpid(pid, &status, 0) < 0)
		MUST(errno == EINTR);
	say("status %d\n", status);
}

int main(void)
{
	keep(5, 500);
	arguments();
	nesting();
	once();
	interrupted(0);
	interrupted(SA_RESTART);
	siginterrupt(SIGALRM, 1);
	waited_for();
	suspended();
	mended_fault();
	signal(SIGCHLD, SIG_DFL);
	from_child();
	errno = EXDEV;
	set(SIGTERM, on_signal, 0);
	raise(SIGTERM);
	say("errno after a handler that does not keep it: %s\n", strerror(errno));
	return 0;
}
