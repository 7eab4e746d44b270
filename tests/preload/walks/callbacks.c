/* SPDX-License-Identifier: MIT */
/*
 * libc in the middle of the stack: its frames call back into the program, which allocates. And
 * libc's own allocations where one does not expect any: a library's thread-local memory is
 * allocated by the loader, in the middle of the function that asks for it first.
 */
#include "walk.h"

#include <dlfcn.h>
#include <pthread.h>
#include <search.h>

typedef char *thread_local_make(void);

static uint64_t compared, visited, ended, initialized;
static thread_local_make *make;
static pthread_once_t once;
static pthread_key_t key;

static FRAME int compare(const void *a, const void *b)
{
	keep(3);
	compared++;
	return *(const int *)a - *(const int *)b;
}

static FRAME void visit(const void *node, VISIT order, int depth)
{
	(void)node;
	(void)order;
	keep((size_t)depth);
	visited++;
}

static FRAME void initialize(void)
{
	keep(9);
	initialized++;
}

static FRAME void at_thread_end(void *value)
{
	(void)value;
	keep(10);
	ended++;
}

static FRAME void *thread(void *unused)
{
	if (pthread_setspecific(key, &key) != 0 || pthread_once(&once, initialize) != 0)
		abort();
	make()[0] = 1;
	return unused;
}

static FRAME void sort(uint64_t *state, size_t count)
{
	static int numbers[3000]; /* more than 1 KiB of them, and qsort() allocates */

	for (size_t i = 0; i < count; i++)
		numbers[i] = (int)(random_next(state) % 10000);
	qsort(numbers, count, sizeof(*numbers), compare);
	HERE();
}

static FRAME void grow_tree(uint64_t *state)
{
	static int numbers[100];
	void *root = NULL;

	for (int i = 0; i < 100; i++) {
		numbers[i] = (int)(random_next(state) % 10000);
		tsearch(&numbers[i], &root, compare);
	}
	twalk(root, visit);
	for (int i = 0; i < 100; i++)
		tdelete(&numbers[i], &root, compare);
}

int main(int argc, char **argv)
{
	void *library = argc > 3 ? dlopen(argv[3], RTLD_NOW) : NULL;
	uint64_t state = 17;
	pthread_t id;

	make = library ? (thread_local_make *)dlsym(library, "thread_local_make") : NULL;
	if (!make || pthread_key_create(&key, at_thread_end) != 0)
		abort();
	for (int i = 0; i < 4 * rounds(argc, argv); i++) {
		sort(&state, 10);
		sort(&state, 1000);
		grow_tree(&state);
		once = (pthread_once_t)PTHREAD_ONCE_INIT;
		if (pthread_create(&id, NULL, thread, NULL) != 0 || pthread_join(id, NULL) != 0)
			abort();
	}
	path_add(compared, "keep<compare<*<main");
	path_add(visited, "keep<visit<*<grow_tree<main");
	path_add(initialized, "keep<initialize<*<thread");
	path_add(ended, "keep<at_thread_end");
	path_add((uint64_t)(4 * rounds(argc, argv)), "*<thread_local_make<thread");
	return walk_end(argc, argv);
}
