/* SPDX-License-Identifier: MIT */
/* A heap of which every part has a name; selection.py knows what each of them holds, and when. */
#include <stdlib.h>

#include "heapmark.h"

void other_keep(void);

static void keep(void)
{
	for (int i = 0; i < 10; i++)
		malloc(100);
}

static void wave(void)
{
	free(malloc(5000));
}

static void through(void)
{
	other_keep();
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

static void grow(void)
{
	free(realloc(malloc(10), 20));
}

static void dive(int levels)
{
	malloc(64);
	if (levels > 1)
		dive(levels - 1);
}

int main(void)
{
	keep();
	wave();
	heapmark_snapshot("one");
	through();
	churn();
	heapmark_snapshot("two");
	big();
	grow();
	dive(50);
	return 0;
}
