/* SPDX-License-Identifier: MIT */
/* See main.c. */
#include "rebuilt.h"

/* INSERT */
static void *copy_text(size_t size)
{
	return keep(take(size));
}

/* Inlined into each other, up to some depth. */
static void parse_node(int depth, size_t size)
{
	keep(malloc(size + 5003 * (size_t)depth));
	/* INSERT */
	if (depth)
		parse_node(depth - 1, size + 31);
	keep(malloc(size + 7001 * (size_t)depth + 13));
}

static size_t header(size_t size)
{
	copy_text(size);
	return size + 1;
}

void parse_all(size_t size)
{
	size = header(size);
	parse_node(4, size + 1000);
	/* INSERT */
	copy_text(size * 2);
	copy_text(size * 3);
}
