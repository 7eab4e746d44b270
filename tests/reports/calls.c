/* SPDX-License-Identifier: MIT */
/* Calls of known shape, each with memory of known size; see test_call_tree.py. */
#include <stdlib.h>

static void *kept[64];
static int count;

static void keep(void *block)
{
	kept[count++] = block;
}

static void leaf(size_t bytes)
{
	keep(malloc(bytes)); /* leaf */
}

static void left(void)
{
	leaf(1000);
}

static void right(void)
{
	leaf(500);
}

/* Holds memory itself, and below it. */
static void both(void)
{
	keep(malloc(70)); /* both */
	leaf(90);
}

static void again(int depth)
{
	if (depth > 1)
		again(depth - 1); /* again */
	else
		keep(malloc(64)); /* the end of again */
}

static void pong(int depth);

static void ping(int depth)
{
	if (depth)
		pong(depth - 1);
	else
		keep(malloc(32)); /* the end of ping */
}

static void pong(int depth)
{
	ping(depth);
}

int main(void)
{
	for (int i = 0; i < 3; i++)
		left();
	for (int i = 0; i < 2; i++)
		right();
	both();
	for (int i = 0; i < 4; i++)
		again(50);
	ping(3);
	free(malloc(1)); /* main */
	return count != 12;
}
