/* SPDX-License-Identifier: MIT */
/* A library that allocates when it is loaded, when it is called, and when it is unloaded. NAME is
 * what its functions' names begin with; those of different names differ in all sizes. */
#include <stdlib.h>

#define JOIN(a, b)  a##_##b
#define NAMED(a, b) JOIN(a, b)

void *NAMED(NAME, make)(void);
void NAMED(NAME, churn)(unsigned count);
void *NAMED(NAME, call)(void *(*function)(size_t), size_t size);

static void *volatile kept;

__attribute__((constructor)) static void NAMED(NAME, start)(void)
{
	kept = malloc(SIZE + 1);
}

__attribute__((destructor)) static void NAMED(NAME, stop)(void)
{
	void *volatile last = malloc(SIZE + 2);

	free(last);
	free(kept);
}

void *NAMED(NAME, make)(void)
{
	void *volatile block = malloc(SIZE);

	return block;
}

void NAMED(NAME, churn)(unsigned count)
{
	while (count-- > 0) {
		void *volatile block = malloc(SIZE);

		free(block);
	}
}

void *NAMED(NAME, call)(void *(*function)(size_t), size_t size)
{
	void *volatile block = function(size);

	return block;
}
