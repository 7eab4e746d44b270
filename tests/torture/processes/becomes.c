/* SPDX-License-Identifier: MIT */
/* becomes HOW ...: one process that executes programs in its own place. */
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "children.h"

extern char **environ;

static char **arguments; /* after HOW */
static char *const *volatile nowhere = (char *const *)1;

static void become(unsigned turn, char **argv)
{
	switch (turn % 6) {
	case 0:
		execv(argv[0], argv);
		break;
	case 1:
		execve(argv[0], argv, environ);
		break;
	case 2:
		execvp(argv[0], argv);
		break;
	case 3:
		execl(argv[0], argv[0], argv[1], argv[2], (char *)NULL);
		break;
	case 4:
		execle(argv[0], argv[0], argv[1], argv[2], (char *)NULL, environ);
		break;
	default:
		fexecve(open(argv[0], O_RDONLY | O_CLOEXEC), argv, environ);
	}
	MUST(!"executed");
}

/* Itself again and again, one deeper each time. */
static void chain(void)
{
	char self[4096] = "", left[16];
	unsigned depth = (unsigned)atoi(arguments[0]);
	char *argv[] = {self, (char *)"chain", left, NULL};

	keep(depth + 1, 10);
	if (depth == 0) {
		say_descriptors();
		return;
	}
	MUST(readlink("/proc/self/exe", self, sizeof(self) - 1) > 0);
	snprintf(left, sizeof(left), "%u", depth - 1);
	become(depth, argv);
}

static _Atomic int started;

static void *allocate(void *unused)
{
	started++;
	for (;;)
		churn(10, 40);
	return unused;
}

static void *become_leaf(void *unused)
{
	while (started < 3)
		usleep(1000);
	execv(arguments[0], arguments);
	MUST(!"executed");
	return unused;
}

/* While three threads allocate, a fourth executes, and all are gone. */
static void thread(void)
{
	pthread_t threads[4];

	expect_trace(TRACE_RACING);
	for (int i = 0; i < 3; i++)
		MUST(pthread_create(&threads[i], NULL, allocate, NULL) == 0);
	MUST(pthread_create(&threads[3], NULL, become_leaf, NULL) == 0);
	pthread_join(threads[3], NULL);
}

/* Every way to execute, of what cannot be executed. */
static void fail(void)
{
	char *const argv[] = {(char *)"program", NULL};

#define FAILS(error, call) \
	do { \
		errno = 0; \
		MUST((call) == -1 && errno == (error)); \
		churn(2, 33); \
		keep(1, 44); \
	} while (0)
	FAILS(ENOENT, execv("/nonexistent", argv));
	FAILS(EACCES, execv("/", argv));
	FAILS(EACCES, execve("/etc/passwd", argv, environ));
	FAILS(ENOENT, execvp("no-program-of-this-name", argv));
	FAILS(ENOENT, execvpe("no-program-of-this-name", argv, environ));
	FAILS(ENOENT, execl("/nonexistent", "a", (char *)NULL));
	FAILS(ENOENT, execlp("no-program-of-this-name", "a", "b", (char *)NULL));
	FAILS(ENOENT, execle("/nonexistent", "a", (char *)NULL, environ));
	FAILS(EBADF, fexecve(77, argv, environ));
	FAILS(EINVAL, fexecve(-1, argv, environ));
	FAILS(EFAULT, execve((const char *)1, argv, environ));
	FAILS(EFAULT, execve("/bin/true", nowhere, environ));
	FAILS(ENOENT, execveat(AT_FDCWD, "nonexistent", argv, environ, 0));
#undef FAILS
}

static void fails(void)
{
	for (int i = 0; i < 20; i++)
		fail();
	say("still here\n");
}

/* ... while other threads allocate. */
static void fails_threads(void)
{
	pthread_t threads[3];

	expect_trace(TRACE_RACING);
	for (int i = 0; i < 3; i++)
		MUST(pthread_create(&threads[i], NULL, allocate, NULL) == 0);
	while (started < 3)
		usleep(1000);
	fails();
}

/* All that is open is closed first, standard streams as well. */
static void closed(void)
{
	int out = dup(1);

	MUST(out > 2);
	for (int fd = 0; fd < 1024; fd++)
		if (fd != out)
			close(fd);
	keep(3, 30);
	MUST(dup2(out, 1) == 1);
	close(out);
	execv(arguments[0], arguments);
	MUST(!"executed");
}

static void without_environment(void)
{
	static char *none[] = {NULL};

	execve(arguments[0], arguments, none);
	MUST(!"executed");
}

static void plainly(void)
{
	execvp(arguments[0], arguments);
	MUST(!"executed");
}

/* A program with a name that is hard to write down. */
static void strange(void)
{
	char name[] = "./a b'$(x)\"\n%p%e;:*?\t\\\xc3\xa9=<|>&", command[8192];

	MUST(setenv("FROM", arguments[0], 1) == 0 && setenv("TO", name, 1) == 0);
	snprintf(command, sizeof(command), "cp \"$FROM\" \"$TO\"");
	MUST(system(command) == 0);
	MUST(unsetenv("FROM") == 0 && unsetenv("TO") == 0);
	arguments[0] = name;
	execv(name, arguments);
	MUST(!"executed");
}

/* As much as the kernel takes. */
static void long_line(void)
{
	static char word[100000];
	static char *argv[16], *envp[8];
	static const char *const kept[] = {"LD_PRELOAD", "HEAPMARK", "TORTURE_BOOK"};
	unsigned count = 3;

	memset(word, 'w', sizeof(word) - 1);
	argv[0] = arguments[0];
	for (int i = 1; i < 12; i++)
		argv[i] = word;
	memcpy(word, "LONG=", 5);
	for (int i = 0; i < 3; i++)
		envp[i] = word;
	for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++)
		if (getenv(kept[i]))
			envp[count++] = getenv(kept[i]) - strlen(kept[i]) - 1;
	execve(argv[0], argv, envp);
	MUST(!"executed");
}

static void many_words(void)
{
	static char *argv[100001];

	argv[0] = arguments[0];
	for (int i = 1; i < 100000; i++)
		argv[i] = (char *)"word";
	execv(argv[0], argv);
	MUST(!"executed");
}

static const struct way ways[] = {
	{"chain", chain},         {"thread", thread},
	{"fails", fails},         {"fails-threads", fails_threads},
	{"closed", closed},       {"without-environment", without_environment},
	{"plainly", plainly},     {"strange", strange},
	{"long-line", long_line}, {"many-words", many_words},
};

int main(int argc, char **argv)
{
	work();
	MUST(argc > 1);
	arguments = argv + 2;
	go_way(ways, sizeof(ways) / sizeof(*ways), argv[1]);
	work();
	return 0;
}
