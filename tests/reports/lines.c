/* SPDX-License-Identifier: MIT */
/* Lines with known memory, some lines apart from each other; see test_annotate.py. */
#include <stdlib.h>

static void *kept[100];

static void fill(int count, size_t bytes)
{
	for (int i = 0; i < count; i++)
		kept[i] = malloc(bytes); /* fill */
}

static void churn(int times)
{
	for (int i = 0; i < times; i++)
		free(malloc(10)); /* churn */
}

static void *grow(void)
{
	void *block = malloc(100); /* grow: malloc */

	return realloc(block, 300); /* grow: realloc */
}

int main(void)
{
	fill(40, 1000);       /* main: fill */
	void *block = grow(); /* main: grow */
	for (int i = 0; i < 40; i += 2)
		free(kept[i]);
	churn(25); /* main: churn */
	return !block;
}
