/* SPDX-License-Identifier: MIT */
/* See rebuilt.h. */
#include "rebuilt.h"

static void *kept[100];
static size_t count;

void *keep(void *block)
{
	kept[count++] = block;
	return block;
}

/* INSERT */
void *take(size_t size)
{
	return malloc(size);
}
