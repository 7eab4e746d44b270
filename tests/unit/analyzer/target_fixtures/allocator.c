/* SPDX-License-Identifier: MIT */
/* For target.c: a program with an allocator of its own, which calls itself mimalloc. */
#include <stddef.h>

static char pool[4096];
static size_t used;

void *mi_malloc(size_t size);
void *mi_malloc(size_t size)
{
	void *block = pool + used;

	used += (size + 15) & ~(size_t)15;
	return block;
}

void *malloc(size_t size)
{
	return mi_malloc(size);
}

void free(void *block)
{
	(void)block;
}

int main(void)
{
	return malloc(1) == NULL;
}
