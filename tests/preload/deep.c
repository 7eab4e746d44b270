/* SPDX-License-Identifier: MIT */
/* Stacks deeper than the limit (run with --depth 64): truncated, counted, and nothing else lost. */
#include "target.h"

__attribute__((noinline)) static void *descend(int depth)
{
	volatile int keep = depth; /* no tail call */
	void *block = depth ? descend(depth - 1) : MALLOC(16);

	return keep >= 0 ? block : NULL;
}

int main(int argc, char **argv)
{
	for (int i = 0; i < 10; i++)
		FREE(descend(1000 + i));
	for (int i = 0; i < 10; i++)
		descend(i); /* these fit */
	facts.stack_truncated = 10;
	return facts_write(argc, argv);
}
