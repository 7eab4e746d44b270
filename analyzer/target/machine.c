/* SPDX-License-Identifier: MIT */
/* The questions about the machine and this installation; see checks.h. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <gnu/libc-version.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "target/checks.h"
#include "target/library.h"
#include "util/memory.h"

static void say(struct finding *finding, enum finding_status status, char *text_take)
{
	finding->status = status;
	finding->text = text_take;
}

static void check_library(const struct subject *subject, struct finding *finding)
{
	struct error err;
	char *path = library_find(&err);

	(void)subject;
	if (path)
		say(finding, FINDING_OK, xasprintf("heapmark's library: %s", path));
	else
		say(finding, FINDING_PROBLEM, xstrdup(err.text));
	free(path);
}

/* Runs this very program with the library loaded; what the loader says is in file `messages`. */
static int run_with_library(const char *library, const char *trace, int messages)
{
	char *preload = xasprintf("LD_PRELOAD=%s", library);
	char *options = xasprintf("HEAPMARK=out=%s:follow=0", trace);
	char *environment[] = {preload, options, NULL};
	char name[] = "heapmark", version[] = "--version";
	char *argv[] = {name, version, NULL};
	int status = -1;
	pid_t child = fork();

	if (child == 0) {
		int nowhere = open("/dev/null", O_WRONLY);

		dup2(nowhere, STDOUT_FILENO);
		dup2(messages, STDERR_FILENO);
		execve("/proc/self/exe", argv, environment);
		_exit(127);
	}
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	free(preload);
	free(options);
	return status;
}

/* The first line of what was written to `fd`, to be freed. */
static char *first_line(int fd)
{
	char text[512];
	ssize_t bytes = pread(fd, text, sizeof(text) - 1, 0);

	text[bytes > 0 ? bytes : 0] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return xstrdup(text);
}

static void judge_trial(struct finding *finding, int status, const char *trace, char *message)
{
	if (status == 0 && access(trace, F_OK) == 0)
		say(finding, FINDING_OK, xstrdup("a trial recording worked"));
	else if (*message)
		say(finding, FINDING_PROBLEM,
		    xasprintf("a trial recording failed, with this message: %s", message));
	else
		say(finding, FINDING_PROBLEM, xstrdup("a trial recording left no trace"));
}

static void check_trial(const struct subject *subject, struct finding *finding)
{
	char directory[] = "/tmp/heapmark-doctor-XXXXXX";
	char *library, *trace, *message;
	struct error err;
	int messages, status;

	(void)subject;
	library = library_find(&err);
	if (!library || !mkdtemp(directory)) {
		free(library);
		return; /* said by others */
	}
	trace = xasprintf("%s/trial.hmk", directory);
	messages = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (messages < 0)
		messages = open("/dev/null", O_RDWR | O_CLOEXEC);
	status = run_with_library(library, trace, messages);
	message = first_line(messages);
	judge_trial(finding, status, trace, message);
	close(messages);
	unlink(trace);
	rmdir(directory);
	free(message);
	free(trace);
	free(library);
}

static void check_libunwind(const struct subject *subject, struct finding *finding)
{
	void *library = dlopen("libunwind.so.8", RTLD_NOW | RTLD_LOCAL);

	(void)subject;
	if (library)
		say(finding, FINDING_OK, xstrdup("libunwind.so.8 is there, to unwind call stacks"));
	else
		say(finding, FINDING_NOTE,
		    xstrdup("libunwind.so.8 is missing: call stacks will be cut short (install "
			    "the package libunwind8)"));
	if (library)
		dlclose(library);
}

static void check_preload(const struct subject *subject, struct finding *finding)
{
	const char *now = getenv("LD_PRELOAD");

	(void)subject;
	if (now && *now)
		say(finding, FINDING_NOTE,
		    xasprintf("LD_PRELOAD holds %s already; heapmark's library goes before it",
			      now));
}

static void check_output(const struct subject *subject, struct finding *finding)
{
	(void)subject;
	if (access(".", W_OK | X_OK) == 0)
		say(finding, FINDING_OK, xstrdup("the current directory can take the trace"));
	else
		say(finding, FINDING_NOTE,
		    xasprintf("the current directory cannot take the trace (%s): use record's -o",
			      strerror(errno)));
}

static void check_proc(const struct subject *subject, struct finding *finding)
{
	(void)subject;
	if (access("/proc/self/maps", R_OK) == 0)
		say(finding, FINDING_OK, xstrdup("/proc is mounted"));
	else
		say(finding, FINDING_NOTE,
		    xstrdup("/proc is not mounted: traces will lack resident memory"));
}

static void check_privileges(const struct subject *subject, struct finding *finding)
{
	(void)subject;
	say(finding, FINDING_OK, xstrdup("neither root nor ptrace nor perf is needed"));
}

static void check_system(const struct subject *subject, struct finding *finding)
{
	struct utsname system;

	(void)subject;
	if (uname(&system) == 0)
		say(finding, FINDING_OK,
		    xasprintf("%s %s on %s, glibc %s", system.sysname, system.release,
			      system.machine, gnu_get_libc_version()));
}

const struct check machine_checks[] = {
	{"library", check_library, false},       {"trial", check_trial, false},
	{"libunwind", check_libunwind, false},   {"ld_preload", check_preload, false},
	{"output", check_output, false},         {"proc", check_proc, false},
	{"privileges", check_privileges, false}, {"system", check_system, false},
};
const size_t machine_check_count = sizeof(machine_checks) / sizeof(*machine_checks);
