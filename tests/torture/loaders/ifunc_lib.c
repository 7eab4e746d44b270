/* SPDX-License-Identifier: MIT */
/* A library whose resolver allocates, frees, and keeps a block. */
#include <stdlib.h>

int ifunc_answer(void);
int ifunc_resolved(void);

static char *kept;

static int answer(void)
{
	char *moved = realloc(kept, 5000);
	int result = moved ? moved[0] : -1;

	kept = moved;
	return result;
}

static int (*resolve(void))(void)
{
	char *volatile first = malloc(100);
	char *second = calloc(10, 10);

	free(first);
	if (second)
		second[0] = 42;
	kept = second;
	return answer;
}

__attribute__((visibility("hidden"))) int chosen(void) __attribute__((ifunc("resolve")));

/* Is chosen when the library is relocated, which is before any that was preloaded. */
int ifunc_answer(void)
{
	return chosen();
}

int ifunc_resolved(void)
{
	return kept != NULL;
}
