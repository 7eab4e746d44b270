/* SPDX-License-Identifier: MIT */
/*
 * sweep: executes itself under one limit on its address space after another, from what the program
 * needs without heapmark upwards. Whatever heapmark can or cannot do there, the program does the
 * same, and nothing but whole lines of heapmark's and of the loader's is on its stderr.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "torture.h"

#define STEPS 33
#define MIB   ((rlim_t)1 << 20)

static int under_limit(enum trace_due due)
{
	char trace[64];
	void *block = hold(40000);

	expect_trace(due);
	if (!book_is_open()) { /* then there is nothing to hold it against */
		snprintf(trace, sizeof(trace), "torture-sweep.%d.hmk", getpid());
		unlink(trace);
	}
	churn(500, 100);
	keep(100, 30);
	drop(block, 40000);
	return 17;
}

static pid_t start(const char *self, rlim_t bytes, const char *how)
{
	const struct rlimit limit = {bytes, RLIM_INFINITY};
	pid_t pid = fork();

	if (pid == 0) {
		int fd = open("stderr.txt", O_WRONLY | O_CREAT | O_TRUNC, 0666);

		expect_trace(TRACE_NONE);
		MUST(fd >= 0 && dup2(fd, 2) == 2 && close(fd) == 0);
		MUST(setrlimit(RLIMIT_AS, &limit) == 0);
		execl(self, self, how, (char *)NULL);
		_exit(127);
	}
	MUST(pid > 0);
	return pid;
}

static int runs(const char *self, rlim_t bytes, const char *how)
{
	int status = -1;
	pid_t pid = start(self, bytes, how);

	MUST(waitpid(pid, &status, 0) == pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* The loader itself may have found no room for the libraries. */
static int was_not_loaded(void)
{
	char line[4096] = "";
	FILE *file = fopen("stderr.txt", "r");

	MUST(file);
	MUST(fgets(line, sizeof(line), file) || feof(file));
	fclose(file);
	return strstr(line, ": error while loading shared libraries: ") != NULL;
}

/* At most one line for each topic, and none of anybody else's. */
static void check_stderr(int step)
{
	FILE *file = fopen("stderr.txt", "r");
	char line[4096];
	int lines = 0;

	MUST(file);
	while (fgets(line, sizeof(line), file)) {
		if (strncmp(line, "heapmark: ", 10) != 0 &&
		    strncmp(line, "ERROR: ld.so: object", 20))
			say("step %d: %s", step, line);
		lines++;
	}
	if (lines > 1)
		say("step %d: %d lines\n", step, lines);
	fclose(file);
}

/* What the program itself needs to run, found without heapmark. */
static rlim_t need(const char *self)
{
	char *preload = getenv("LD_PRELOAD");
	rlim_t low = MIB / 8, high = 64 * MIB;

	preload = preload ? strdup(preload) : NULL;
	unsetenv("LD_PRELOAD");
	while (high - low > 65536) {
		rlim_t middle = (low + high) / 2;

		if (runs(self, middle, "limited") == 17)
			high = middle;
		else
			low = middle;
	}
	if (preload)
		setenv("LD_PRELOAD", preload, 1);
	free(preload);
	return high + 65536;
}

int main(int argc, char **argv)
{
	rlim_t least;

	if (argc > 1)
		return under_limit(strcmp(argv[1], "ample") == 0 ? TRACE_WHOLE : TRACE_LACKING);
	least = need(argv[0]);
	for (int step = 0; step < STEPS; step++) {
		/* Close together at first, where it is decided what there is no memory for. */
		rlim_t more = (rlim_t)step * (rlim_t)step * MIB / 16;
		int status = runs(argv[0], least + more, step < STEPS - 1 ? "limited" : "ample");

		if (more < 2 * MIB && was_not_loaded())
			continue;
		if (status != 17)
			say("step %d: status %d\n", step, status);
		check_stderr(step);
	}
	say("%d limits\n", STEPS);
	return 0;
}
