/* SPDX-License-Identifier: MIT */
/* See main.c. */
#include "rebuilt.h"

/* INSERT */
static inline void *slot_new(size_t size)
{
	return keep(malloc(size));
}

void store_open(size_t size)
{
	void *head = malloc(size);
	void *tail;

	keep(head);
	/* INSERT */
	tail = malloc(size * 4);
	keep(tail);
	keep(take(size * 8));
}

void store_add(size_t size)
{
	slot_new(size);
	/* INSERT */
	slot_new(size + 101);
	keep(take(size + 211));
}

void store_grow(size_t size)
{
	void *block = malloc(size);

	for (int i = 0; i < 3; i++)
		block = realloc(block, size * (size_t)(i + 1) + 17);
	keep(block);
	keep(calloc(1, size + 401));
}
