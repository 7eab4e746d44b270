/* SPDX-License-Identifier: MIT */
/* A library that allocates in its constructor and in its destructor. */
#include <stdlib.h>

void *begins_block(int which);
void begins_start(void);
void begins_stop(void);

static void *blocks[2];

__attribute__((constructor)) void begins_start(void)
{
	for (int i = 0; i < 2; i++)
		blocks[i] = malloc(700);
}

void *begins_block(int which)
{
	return blocks[which];
}

__attribute__((destructor)) void begins_stop(void)
{
	void *volatile block = malloc(800);

	free(block);
	free(blocks[1]);
	block = malloc(900);
}
