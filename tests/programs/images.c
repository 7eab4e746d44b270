/* SPDX-License-Identifier: MIT */
/*
 * images LOG [NAME=VALUE...] PROGRAM [ARGUMENT...]: runs a program and writes down which processes
 * there were, as the kernel tells a tracer of forks, execs and ends, and of nothing else: they run
 * at their full speed in between. The variables are given to the program only.
 *
 * A line of the log is `PID fork PARENT`, `PID vfork PARENT`, `PID exec PATH`, `PID exited STATUS`
 * or `PID killed SIGNAL`; it says `bare` instead of exec where the environment has no LD_PRELOAD.
 * Threads are not in it. The exit status is the program's own, 128 and its
 * number for a signal, or 77 where tracing is not allowed.
 */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#define PIDS 4194304 /* the most there can be */

enum state { NONE, EARLY, PROCESS, THREAD }; /* EARLY: stopped, before its birth was told */

static uint8_t states[PIDS];
static FILE *log_file;

static void go_on(pid_t pid, long how, int number)
{
	ptrace(how, pid, NULL, (void *)(long)number); /* it may have been killed meanwhile */
}

static unsigned long message(pid_t pid)
{
	unsigned long value = 0;

	ptrace(PTRACE_GETEVENTMSG, pid, NULL, &value);
	return value;
}

/* The process that a thread belongs to. */
static pid_t process_of(pid_t pid)
{
	char path[64], line[256];
	int group = pid;
	FILE *status;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	status = fopen(path, "r");
	while (status && fgets(line, sizeof(line), status))
		if (sscanf(line, "Tgid: %d", &group) == 1)
			break;
	if (status)
		fclose(status);
	return group;
}

static void born(pid_t pid, pid_t parent, const char *how)
{
	bool early = states[pid] == EARLY, thread = process_of(pid) != pid;

	states[pid] = thread ? THREAD : PROCESS;
	if (!thread)
		fprintf(log_file, "%d %s %d\n", (int)pid, how, (int)process_of(parent));
	if (early)
		go_on(pid, PTRACE_CONT, 0);
}

static bool has_preload(pid_t pid)
{
	char path[64], *variable = NULL;
	bool found = false;
	size_t room = 0;
	FILE *environment;

	snprintf(path, sizeof(path), "/proc/%d/environ", (int)pid);
	environment = fopen(path, "r");
	while (environment && !found && getdelim(&variable, &room, '\0', environment) > 0)
		found = strncmp(variable, "LD_PRELOAD=", 11) == 0;
	if (environment)
		fclose(environment);
	free(variable);
	return found;
}

/* A thread that executes becomes its process, whatever it was. */
static void executed(pid_t pid)
{
	char link[64], path[PATH_MAX];
	ssize_t length;

	states[pid] = PROCESS;
	snprintf(link, sizeof(link), "/proc/%d/exe", (int)pid);
	length = readlink(link, path, sizeof(path) - 1);
	path[length > 0 ? length : 0] = '\0';
	fprintf(log_file, "%d %s %s\n", (int)pid, has_preload(pid) ? "exec" : "bare", path);
}

static void stopped(pid_t pid, int event, int number)
{
	switch (event) {
	case PTRACE_EVENT_FORK:
		born((pid_t)message(pid), pid, "fork");
		break;
	case PTRACE_EVENT_VFORK:
		born((pid_t)message(pid), pid, "vfork");
		break;
	case PTRACE_EVENT_CLONE:
		born((pid_t)message(pid), pid, "fork");
		break;
	case PTRACE_EVENT_EXEC:
		executed(pid);
		break;
	case PTRACE_EVENT_STOP:
		if (number != SIGTRAP) {
			go_on(pid, PTRACE_LISTEN, 0);
			return;
		}
		if (states[pid] == NONE) {
			states[pid] = EARLY;
			return;
		}
		break;
	default: /* a signal on its way */
		go_on(pid, PTRACE_CONT, number);
		return;
	}
	go_on(pid, PTRACE_CONT, 0);
}

static void ended(pid_t pid, int status)
{
	if (states[pid] == PROCESS && WIFEXITED(status))
		fprintf(log_file, "%d exited %d\n", (int)pid, WEXITSTATUS(status));
	if (states[pid] == PROCESS && WIFSIGNALED(status))
		fprintf(log_file, "%d killed %d\n", (int)pid, WTERMSIG(status));
	states[pid] = NONE;
}

static int watch(pid_t program)
{
	int status, result = 1;
	pid_t pid;

	while ((pid = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR) {
		if (pid <= 0)
			continue;
		if (WIFSTOPPED(status)) {
			stopped(pid, status >> 16, WSTOPSIG(status));
			continue;
		}
		ended(pid, status);
		if (pid == program)
			result = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	}
	return result;
}

/* Waits for the tracer, which closes the pipe. */
static void run(char **words, const int *ready)
{
	char byte;

	close(ready[1]);
	if (read(ready[0], &byte, 1) < 0)
		_exit(126);
	close(ready[0]);
	for (; *words && strchr(*words, '='); words++)
		putenv(*words);
	if (*words)
		execvp(*words, words);
	_exit(127);
}

int main(int argc, char **argv)
{
	const long options = PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |
			     PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
	int ready[2], result;
	pid_t program;

	if (argc < 3 || !(log_file = fopen(argv[1], "we")) || pipe(ready) != 0)
		return 2;
	prctl(PR_SET_PDEATHSIG, SIGKILL); /* and with us all that we trace */
	program = fork();
	if (program < 0)
		return 2;
	if (program == 0)
		run(argv + 2, ready);
	states[program] = PROCESS;
	if (ptrace(PTRACE_SEIZE, program, NULL, (void *)options) != 0) {
		kill(program, SIGKILL);
		return 77;
	}
	close(ready[0]);
	close(ready[1]);
	result = watch(program);
	return fclose(log_file) == 0 ? result : 2;
}
