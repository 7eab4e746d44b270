/* SPDX-License-Identifier: MIT */
/*
 * goes_on DUE [PREPARATION...]: prepares what the situation needs, allocates for a while, and says
 * at each step that nothing has changed for it: results, errno, descriptors. DUE is what its trace
 * is to be: whole, none, cut, lacking, maybe, empty.
 */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "torture.h"

#define TREE 2000 /* call stacks, so that there is something to write */

/* Every call of the hooks', each with an errno that none of them may change. */
static void keep_errno(void)
{
	void *a, *b = NULL;

#define KEEPS(call) \
	do { \
		errno = 4711; \
		call; \
		MUST(errno == 4711); \
	} while (0)
	KEEPS(a = malloc(10));
	KEEPS(a = realloc(a, 1000));
	KEEPS(a = reallocarray(a, 10, 5));
	KEEPS(free(a));
	KEEPS(a = calloc(10, 10));
	KEEPS(free(a));
	KEEPS(MUST(posix_memalign(&b, 64, 10) == 0));
	KEEPS(MUST(malloc_usable_size(b) >= 10));
	KEEPS(free(b));
	KEEPS(a = aligned_alloc(64, 64));
	KEEPS(free(a));
	KEEPS(a = memalign(64, 64));
	KEEPS(free(a));
	KEEPS(a = valloc(10));
	KEEPS(free(a));
	KEEPS(a = mmap(NULL, 8192, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	KEEPS(a = mremap(a, 8192, 16384, MREMAP_MAYMOVE));
	KEEPS(munmap(a, 16384));
	KEEPS(raise(SIGUSR2)); /* a snapshot; ignored where heapmark is not */
#undef KEEPS
}

/* A call stack for each bit pattern. */
static void branch_out(unsigned depth, unsigned path)
{
	if (depth == 0)
		MUST(hold(30));
	else if (path & 1)
		branch_out(depth - 1, path >> 1);
	else
		branch_out(depth - 1, path >> 1);
}

static void set_limit(int which, rlim_t limit)
{
	struct rlimit now;

	MUST(getrlimit(which, &now) == 0);
	now.rlim_cur = limit;
	MUST(setrlimit(which, &now) == 0);
}

/* SIGXFSZ and SIGPIPE are the program's own: one that it did not cause would be seen here. */
static void on_strange_signal(int number)
{
	say("signal %d\n", number);
}

static void replace(const char *path, int number)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0666);

	MUST(fd >= 0 && dup2(fd, number) == number);
	close(fd);
}

static void for_each_trace(const char *command)
{
	char line[256];
	pid_t pid;

	if (!getenv("HEAPMARK"))
		return;
	strcpy(line, "for file in *.hmk; do [ -e $file ] || continue; ");
	strcat(line, command);
	strcat(line, "; done");
	pid = fork();
	if (pid == 0) {
		expect_trace(TRACE_NONE);
		unsetenv("LD_PRELOAD");
		execl("/bin/sh", "sh", "-c", line, (char *)NULL);
		_exit(1);
	}
	MUST(waitpid(pid, NULL, 0) == pid);
}

/* How many descriptors there are to be had, and which. */
static void say_room(void)
{
	static int opened[4096];
	int count = 0;

	while ((opened[count] = open("/dev/null", O_RDONLY)) >= 0)
		count++;
	MUST(errno == EMFILE);
	say("%d descriptors, from %d to %d\n", count, opened[0], count ? opened[count - 1] : -1);
	while (count-- > 0)
		MUST(close(opened[count]) == 0);
}

static void prepare(const char *what)
{
	int ends[2];

	if (strncmp(what, "fsize=", 6) == 0) {
		set_limit(RLIMIT_FSIZE, (rlim_t)atoi(what + 6));
	} else if (strncmp(what, "nofile=", 7) == 0) {
		set_limit(RLIMIT_NOFILE, (rlim_t)atoi(what + 7));
	} else if (strcmp(what, "no-stderr") == 0) {
		close(2);
	} else if (strcmp(what, "other-stderr") == 0) {
		replace("stderr.txt", 2);
	} else if (strcmp(what, "full-pipe") == 0) {
		MUST(pipe2(ends, O_NONBLOCK) == 0 && dup2(ends[1], 2) == 2);
		while (write(2, "x", 1) == 1) {
		}
		fcntl(2, F_SETFL, 0); /* whoever writes now, blocks */
	} else if (strcmp(what, "no-reader") == 0) {
		MUST(pipe(ends) == 0 && dup2(ends[1], 2) == 2);
		close(ends[0]);
		close(ends[1]);
	} else if (strcmp(what, "delete") == 0) {
		for_each_trace("rm $file");
	} else if (strcmp(what, "rename") == 0) {
		for_each_trace("mv $file elsewhere.$file");
	} else if (strcmp(what, "truncate") == 0) {
		for_each_trace(": > $file");
	} else if (strcmp(what, "open-all") == 0) {
		say_room();
	} else {
		MUST(!"a preparation of that name");
	}
}

static enum trace_due due_of(const char *name)
{
	static const struct {
		const char *name;
		enum trace_due due;
	} names[] = {{"whole", TRACE_WHOLE},     {"none", TRACE_NONE},   {"cut", TRACE_CUT},
		     {"lacking", TRACE_LACKING}, {"maybe", TRACE_MAYBE}, {"empty", TRACE_EMPTY}};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(name, names[i].name) == 0)
			return names[i].due;
	MUST(!"a trace of that name");
	return TRACE_WHOLE;
}

int main(int argc, char **argv)
{
	struct stat file;

	MUST(argc > 1);
	expect_trace(due_of(argv[1]));
	signal(SIGXFSZ, on_strange_signal);
	signal(SIGPIPE, on_strange_signal);
	if (!getenv("HEAPMARK"))
		signal(SIGUSR2, SIG_IGN);
	keep(5, 100);
	for (int i = 2; i < argc; i++)
		prepare(argv[i]);
	for (unsigned i = 0; i < TREE; i++) {
		branch_out(11, i);
		if (i % 100 == 0)
			keep_errno();
	}
	churn(1000, 20);
	say_descriptors();
	if (stat("stderr.txt", &file) == 0)
		say("%ld bytes in the file\n", (long)file.st_size);
	say("went on\n");
	return 5;
}
