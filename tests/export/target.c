/* SPDX-License-Identifier: MIT */
/* A heap of known call stacks: inlined calls, recursion, a strange name. exporting.py knows what
 * each function holds at the mark and at the end. */
#include <stdlib.h>

#include "heapmark.h"

void *strange(size_t size);

static inline __attribute__((always_inline)) void *innermost(size_t size)
{
	return malloc(size);
}

static inline __attribute__((always_inline)) void *inner(size_t size)
{
	return innermost(size);
}

static void outer(void)
{
	for (int i = 0; i < 10; i++)
		inner(100);
}

static void uneven(void)
{
	for (size_t size = 0; size < 8; size++)
		malloc(size);
}

/* Calls itself. */
static void dive(int levels)
{
	malloc(64);
	if (levels > 1)
		dive(levels - 1);
}

static void pong(int levels);

/* Call each other. */
static void ping(int levels)
{
	malloc(10);
	if (levels > 1)
		pong(levels - 1);
}

static void pong(int levels)
{
	malloc(1000);
	if (levels > 1)
		ping(levels - 1);
}

static void churn(void)
{
	for (int i = 0; i < 20; i++)
		free(malloc(30));
}

static void big(void)
{
	free(malloc(100000));
}

int main(void)
{
	outer();
	uneven();
	dive(1);
	heapmark_snapshot("mark");
	dive(50);
	ping(6);
	churn();
	big();
	strange(333);
	return 0;
}
