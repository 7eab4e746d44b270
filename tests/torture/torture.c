/* SPDX-License-Identifier: MIT */
/* The book of a case; see torture.h. */
#include "torture.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>

#define PAGES 16384 /* run_case.py makes a file for so many */

/* Read by run_case.py: eight numbers for each place, and the program's name. */
struct entry {
	uint64_t allocations, allocated_bytes, blocks, bytes;
};
struct page {
	uint64_t pid, due;
	struct entry hold, churn, marked;
	char program[16];
};
struct book {
	uint64_t used;
	struct page pages[PAGES];
};

static struct page nowhere; /* where there is no book */
static struct book *book;
static struct page *page = &nowhere;
/* What is live, in the process's own memory: a forked child inherits the very same. */
static uint64_t live_blocks, live_bytes;

extern char *program_invocation_short_name;

static void add(uint64_t *counter, uint64_t by)
{
	__atomic_fetch_add(counter, by, __ATOMIC_RELAXED);
}

/* Async-signal-safe: children of programs with threads call it. */
void book_process(void)
{
	struct page *mine = &nowhere;

	if (book) {
		uint64_t number = __atomic_fetch_add(&book->used, 1, __ATOMIC_RELAXED);

		if (number < PAGES)
			mine = &book->pages[number];
	}
	mine->pid = (uint64_t)getpid();
	/* Nothing is preloaded into a program with more rights than whoever starts it. */
	mine->due = getauxval(AT_SECURE) ? TRACE_NONE : TRACE_WHOLE;
	strncpy(mine->program, program_invocation_short_name, sizeof(mine->program) - 1);
	mine->hold.blocks = live_blocks;
	mine->hold.bytes = live_bytes;
	page = mine;
}

__attribute__((constructor(101))) static void book_open(void)
{
	const char *path = getenv("TORTURE_BOOK");
	int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
	void *mapped = MAP_FAILED;

	if (fd >= 0)
		mapped = mmap(NULL, sizeof(struct book), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (fd >= 0)
		close(fd);
	if (mapped != MAP_FAILED)
		book = mapped;
	book_process();
	pthread_atfork(NULL, NULL, book_process);
}

int book_is_open(void)
{
	return book != NULL;
}

void expect_trace(enum trace_due due)
{
	page->due = due;
}

/* A process may end anywhere: its trace never holds more than its book, so what is allocated is
 * booked before. */
static void book_allocation(struct entry *entry, size_t size)
{
	add(&entry->allocations, 1);
	add(&entry->allocated_bytes, size);
}

static void book_live(size_t size)
{
	add(&page->hold.blocks, 1);
	add(&page->hold.bytes, size);
	add(&live_blocks, 1);
	add(&live_bytes, size);
}

void book_held(size_t size)
{
	book_allocation(&page->hold, size);
	book_live(size);
}

void book_dropped(size_t size)
{
	add(&page->hold.blocks, -(uint64_t)1);
	add(&page->hold.bytes, -(uint64_t)size);
	add(&live_blocks, -(uint64_t)1);
	add(&live_bytes, -(uint64_t)size);
}

static void book_not_held(size_t size)
{
	add(&page->hold.allocations, -(uint64_t)1);
	add(&page->hold.allocated_bytes, -(uint64_t)size);
	book_dropped(size);
}

void book_mark(void)
{
	page->marked = page->hold;
}

__attribute__((noinline)) void *hold(size_t size)
{
	char *block;

	book_held(size); /* before: whenever the process ends, no trace has more than the book */
	block = malloc(size);
	if (!block)
		book_not_held(size);
	else if (size)
		block[0] = block[size - 1] = 42;
	return block;
}

void drop(void *block, size_t size)
{
	if (size)
		MUST(((char *)block)[0] == 42 && ((char *)block)[size - 1] == 42);
	free(block);
	book_dropped(size);
}

void keep(unsigned count, size_t size)
{
	while (count-- > 0)
		MUST(hold(size));
}

__attribute__((noinline)) void churn(unsigned count, size_t size)
{
	while (count-- > 0) {
		char *volatile block;

		book_allocation(&page->churn, size);
		block = malloc(size);
		MUST(block);
		free(block);
	}
}

static void put(int fd, const char *text, size_t size)
{
	while (size > 0) {
		ssize_t done = write(fd, text, size);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			_exit(98);
		text += done;
		size -= (size_t)done;
	}
}

void say(const char *format, ...)
{
	char text[1024];
	va_list arguments;
	int size;

	va_start(arguments, format);
	size = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	put(STDOUT_FILENO, text, (size_t)size < sizeof(text) ? (size_t)size : sizeof(text) - 1);
}

void say_descriptors(void)
{
	struct rlimit limit;
	struct stat what;

	MUST(getrlimit(RLIMIT_NOFILE, &limit) == 0);
	for (int fd = 0; fd < 256 && (rlim_t)fd < limit.rlim_cur; fd++)
		if (fstat(fd, &what) == 0)
			say("descriptor %d: %o\n", fd, what.st_mode & S_IFMT);
}

void must(int condition, const char *text, const char *file, int line)
{
	char message[512];
	int size, error = errno;

	if (condition)
		return;
	size = snprintf(message, sizeof(message), "%s:%d: not so: %s (errno %d)\n", file, line,
			text, error);
	put(STDERR_FILENO, message, (size_t)size);
	_exit(99);
}

void can(int condition, const char *text)
{
	char message[512];
	int size, error = errno;

	if (condition)
		return;
	size = snprintf(message, sizeof(message), "cannot: %s (errno %d)\n", text, error);
	put(STDERR_FILENO, message, (size_t)size);
	_exit(77);
}
