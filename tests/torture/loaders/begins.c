/* SPDX-License-Identifier: MIT */
/*
 * Allocations before main() and after it, in the order of the loader: libraries' constructors (one
 * library wants to be the first, too), DT_PREINIT_ARRAY, constructors, and all ways to end. What
 * each of them allocates is freed by another.
 */
#include <stdlib.h>

#include "torture.h"

void *first_block(void);
void *begins_block(int which);

static void *volatile blocks[3];

static void before_all(int argc, char **argv, char **environment)
{
	(void)argc, (void)argv, (void)environment;
	blocks[0] = malloc(1111);
}

__attribute__((section(".preinit_array"), used)) static void (*preinit)(int, char **,
									char **) = before_all;

__attribute__((constructor(102))) static void early(void)
{
	blocks[1] = hold(2222);
	say("constructor\n");
}

__attribute__((constructor)) static void late(void)
{
	drop(blocks[1], 2222);
	churn(3, 33);
}

__attribute__((destructor)) static void last(void)
{
	keep(3, 44);
	say("destructor\n");
}

static void at_end(void)
{
	free(blocks[2]);
	keep(2, 55);
	say("exit\n");
}

int main(void)
{
	free(blocks[0]);
	blocks[2] = begins_block(0);
	free(first_block());
	atexit(at_end);
	keep(5, 66);
	return 0;
}
