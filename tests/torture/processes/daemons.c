/* SPDX-License-Identifier: MIT */
/*
 * daemons HOW: becomes a daemon in one of the ways there are to close all descriptors, opens files
 * of its own in their place, and allocates. What it finds in the files and at the descriptors in
 * the end, it leaves in a file, which its first parent prints.
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include "children.h"

#define MOST 1000 /* numbers, beyond those that heapmark holds */

static char folder[4096];

static void close_range_(void)
{
	MUST(close_range(0, ~0u, 0) == 0);
}

static void close_from(void)
{
	closefrom(0);
}

static void close_loop(void)
{
	for (int fd = 0; fd < 65536; fd++)
		close(fd);
}

/* What many do, with a descriptor open meanwhile. */
static void close_listed(void)
{
	DIR *list = opendir("/proc/self/fd");
	struct dirent *entry;

	MUST(list);
	while ((entry = readdir(list)))
		if (atoi(entry->d_name) != dirfd(list) && entry->d_name[0] != '.')
			close(atoi(entry->d_name));
	closedir(list);
}

/* Nothing is closed: all is replaced. */
static void replace_all(void)
{
	int mine = open("/dev/null", O_RDWR);

	for (int fd = 0; fd < 1100; fd++)
		if (fd != mine)
			MUST(dup2(mine, fd) == fd);
	close_range_();
}

static void set_cloexec(void)
{
	MUST(close_range(3, ~0u, CLOSE_RANGE_CLOEXEC) == 0);
	close_range_();
}

static void by_library(void)
{
	MUST(daemon(0, 0) == 0);
	close_range_();
}

static const struct way ways[] = {
	{"close-range", close_range_}, {"closefrom", close_from}, {"close-loop", close_loop},
	{"proc-fd", close_listed},     {"dup2", replace_all},     {"cloexec", set_cloexec},
	{"daemon", by_library},
};

static void detach(void)
{
	MUST(setsid() > 0);
	if (fork() != 0)
		_exit(0);
	umask(0);
	MUST(chdir("/") == 0);
}

static int open_own(const char *name)
{
	char path[8192];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);
}

/* Call stacks that are unwound by libunwind: below a signal's frame, and through a function that
 * has no rules, where libunwind makes sure that memory can be read. */
static void on_signal(int number)
{
	(void)number;
	churn(10, 50);
}

#if defined(__x86_64__)
void call_without_rules(void (*function)(int), int argument);
__asm__(".text\n"
	"call_without_rules:\n\t"
	"push %rbp\n\t"
	"mov %rsp, %rbp\n\t"
	"mov %rdi, %rax\n\t"
	"mov %esi, %edi\n\t"
	"call *%rax\n\t"
	"pop %rbp\n\t"
	"ret");
#else
static void call_without_rules(void (*function)(int), int argument)
{
	function(argument);
}
#endif

/* On a stack that libunwind has not seen yet. */
static void *live_in_thread(void *unused)
{
	for (int i = 0; i < 10; i++)
		call_without_rules(on_signal, 0);
	return unused;
}

static void live(void)
{
	pthread_t thread;

	for (int i = 0; i < 50; i++) {
		work();
		raise(SIGUSR1);
		call_without_rules(on_signal, 0);
	}
	work_in_threads(3);
	for (int i = 0; i < 4; i++) {
		MUST(pthread_create(&thread, NULL, live_in_thread, NULL) == 0);
		MUST(pthread_join(thread, NULL) == 0);
	}
}

/* The bytes of its files are those that it wrote, and nothing of ours. */
static void check_files(FILE *report, const int *files)
{
	char text[64], line[64];

	for (int i = 0; i < MOST; i++) {
		int size = snprintf(text, sizeof(text), "file %d", i);

		MUST(files[i] == i);
		if (pread(files[i], line, sizeof(line), 0) != size ||
		    memcmp(text, line, (size_t)size))
			fprintf(report, "file %d holds something else\n", i);
		if (lseek(files[i], 0, SEEK_CUR) != size)
			fprintf(report, "file %d is elsewhere\n", i);
	}
}

static void be_daemon(const struct way *way)
{
	static int files[MOST];
	char name[64];
	FILE *report;

	signal(SIGUSR1, on_signal);
	live();
	way->go();
	for (int i = 0; i < MOST; i++) {
		int size = snprintf(name, sizeof(name), "own.%d", i);

		files[i] = open_own(name);
		MUST(files[i] >= 0);
		size = snprintf(name, sizeof(name), "file %d", i);
		MUST(write(files[i], name, (size_t)size) == size);
	}
	live();
	report = fdopen(open_own("report"), "w");
	MUST(report);
	check_files(report, files);
	fprintf(report, "%d files, and the report\n", fileno(report));
	fclose(report);
	exit(0);
}

int main(int argc, char **argv)
{
	char line[256];
	FILE *report;

	MUST(argc > 1 && getcwd(folder, sizeof(folder)));
	MUST(prctl(PR_SET_CHILD_SUBREAPER, 1) == 0);
	keep(3, 33);
	if (fork() == 0) {
		detach();
		for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
			if (strcmp(ways[i].name, argv[1]) == 0)
				be_daemon(&ways[i]);
		_exit(1);
	}
	await_all();
	report = fopen("report", "r");
	MUST(report);
	while (fgets(line, sizeof(line), report))
		say("%s", line);
	return 0;
}
