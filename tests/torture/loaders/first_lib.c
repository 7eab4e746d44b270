/* SPDX-License-Identifier: MIT */
/* A library linked with -z initfirst: its constructor comes before all others'. */
#include <stdlib.h>

void *first_block(void);
void first_start(void);

static void *block;

__attribute__((constructor)) void first_start(void)
{
	block = malloc(600);
}

void *first_block(void)
{
	return block;
}
