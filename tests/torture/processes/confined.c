/* SPDX-License-Identifier: MIT */
/*
 * confined HOW [number]: forbids itself most system calls, as sandboxes do: those that remain are
 * enough for a program that allocates, writes to its streams and ends. What else is tried is
 * refused (EPERM), does not exist (ENOSYS) or is fatal. With `number` it says so as libseccomp
 * does, by the number of the system call.
 */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "children.h"

static const int allowed[] = {SYS_read,   SYS_write,  SYS_brk,          SYS_mmap,
			      SYS_munmap, SYS_mremap, SYS_madvise,      SYS_mprotect,
			      SYS_futex,  SYS_exit,   SYS_rt_sigreturn, SYS_exit_group};
#define ALLOWED (sizeof(allowed) / sizeof(*allowed))

static int by_number;

static long shut_in(int mode, void *program)
{
	if (by_number)
		return syscall(SYS_seccomp, mode, 0, program);
	return prctl(PR_SET_SECCOMP,
		     mode == SECCOMP_SET_MODE_STRICT ? SECCOMP_MODE_STRICT : SECCOMP_MODE_FILTER,
		     program, 0, 0);
}

static void confine(unsigned otherwise)
{
	struct sock_filter filter[2 * ALLOWED + 2] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr))};
	struct sock_fprog program = {sizeof(filter) / sizeof(*filter), filter};
	size_t at = 1;

	for (size_t i = 0; i < ALLOWED; i++) {
		filter[at++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
							    (unsigned)allowed[i], 0, 1);
		filter[at++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	}
	filter[at] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, otherwise);
	MUST(shut_in(SECCOMP_SET_MODE_FILTER, NULL) == -1 && errno == EFAULT);
	keep(1, 10); /* it had failed, so this is seen */
	book_mark();
	MUST(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	MUST(shut_in(SECCOMP_SET_MODE_FILTER, &program) == 0);
}

static void allocate_a_while(void)
{
	for (int i = 0; i < 300; i++)
		work();
	churn(200000, 40);
}

static void refused(void)
{
	expect_trace(TRACE_SNAPSHOT);
	book_mark();
	confine(SECCOMP_RET_ERRNO | EPERM);
	allocate_a_while();
}

static void missing(void)
{
	expect_trace(TRACE_SNAPSHOT);
	book_mark();
	confine(SECCOMP_RET_ERRNO | ENOSYS);
	allocate_a_while();
}

static void fatal(void)
{
	expect_trace(TRACE_SNAPSHOT);
	book_mark();
	confine(SECCOMP_RET_KILL_PROCESS);
	allocate_a_while();
}

/* Only read, write, exit and return from a signal handler are left. */
static void strictly(void)
{
	char *block = hold(1000);

	expect_trace(TRACE_SNAPSHOT);
	book_mark();
	MUST(shut_in(SECCOMP_SET_MODE_STRICT, NULL) == 0);
	churn(200000, 40);
	drop(block, 1000);
	keep(10, 10);
	say("strict\n");
	syscall(SYS_exit, 6);
}

static void in_child(void (*child)(void))
{
	pid_t pid = fork();

	if (pid == 0) {
		child();
		say("alive\n");
		_exit(7);
	}
	say_end("child", pid);
}

/* What a recorded child would begin with is fatal, and nothing else. */
static void forks(void)
{
	static const int fatal_ones[] = {SYS_getpid, SYS_gettid,    SYS_openat,
					 SYS_fstat,  SYS_prlimit64, SYS_membarrier};
	struct sock_filter filter[2 * 6 + 2] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr))};
	struct sock_fprog program = {sizeof(filter) / sizeof(*filter), filter};
	size_t at = 1;
	pid_t pid;

	for (size_t i = 0; i < 6; i++) {
		filter[at++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
							    (unsigned)fatal_ones[i], 0, 1);
		filter[at++] =
			(struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
	}
	filter[at] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	expect_trace(TRACE_SNAPSHOT);
	book_mark();
	MUST(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	MUST(shut_in(SECCOMP_SET_MODE_FILTER, &program) == 0);
	work();
	pid = _Fork(); /* for fork() calls the book's handler, which asks for the process's id */
	if (pid == 0) {
		free(malloc(10));
		_exit(5);
	}
	say_end("child", pid);
	work();
}

static void child_strict(void)
{
	in_child(strictly);
}

static void child_fatal(void)
{
	in_child(fatal);
}

static const struct way ways[] = {
	{"refused", refused}, {"missing", missing},           {"fatal", fatal},
	{"strict", strictly}, {"child-strict", child_strict}, {"child-fatal", child_fatal},
	{"forks", forks},
};

int main(int argc, char **argv)
{
	work();
	MUST(argc > 1);
	by_number = argc > 2;
	go_way(ways, sizeof(ways) / sizeof(*ways), argv[1]);
	work();
	say("still here\n");
	return 3;
}
