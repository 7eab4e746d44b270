/* SPDX-License-Identifier: MIT */
/*
 * Threads that allocate and free known sizes, from one line, one after the other: main first, then
 * two more. The second of these frees what the first allocated; a block wanders from class to class
 * by realloc().
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static void *kept[256];
static unsigned held;

static __attribute__((noinline)) void *line(size_t size)
{
	return malloc(size);
}

static void keep(size_t size, unsigned count)
{
	while (count--)
		kept[held++] = line(size);
}

static void *first(void *unused)
{
	(void)unused;
	keep(0, 1);
	keep(16, 3);
	keep(17, 5);
	keep(1024, 7);
	keep(1025, 2);
	return NULL;
}

static void *second(void *unused)
{
	void *block = line(100);

	(void)unused;
	for (unsigned i = 0; i < 4; i++) /* of 0 bytes, and of 16 */
		free(kept[i]);
	memset(block, 1, 100);
	block = realloc(block, 5000);
	block = realloc(block, 40);
	kept[held++] = block;
	for (unsigned i = 0; i < 10; i++)
		free(line(3 << 20));
	kept[held++] = calloc(3, 1000);
	kept[held++] = mmap(NULL, 1 << 16, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return NULL;
}

static void run(void *(*work)(void *))
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, work, NULL) != 0 || pthread_join(thread, NULL) != 0)
		abort();
}

static void *in_child(void *unused)
{
	(void)unused;
	keep(200, 2);
	return NULL;
}

/* With "fork": a child of a thread that has not allocated, whose blocks are by then of threads 1
 * and 2, and which allocates itself, and starts another. */
static void *forks(void *unused)
{
	int status;
	pid_t child = fork();

	if (child < 0)
		abort();
	if (child)
		return waitpid(child, &status, 0) == child && !status ? unused : NULL;
	keep(100, 1);
	run(in_child);
	exit(0);
}

int main(int argc, char **argv)
{
	(void)argv;
	keep(33, 6);
	for (unsigned i = 0; i < 6; i++)
		free(kept[i]);
	held = 0;
	run(first);
	run(argc > 1 ? forks : second);
	return 0;
}
