/* SPDX-License-Identifier: MIT */
/*
 * A program of two builds, for rebuilt.py: each of its call stacks holds a number of bytes that no
 * other holds, so that it is known again whatever the analyzer calls it. The lines "old only" are
 * not in the new build, and what stands behind "new:" is; there, comments are inserted besides.
 */
#include "rebuilt.h"

/* INSERT */
static void *first(size_t size)
{
	void *block = malloc(size);

	return keep(block);
}

static void several(size_t size)
{
	keep(malloc(size));
	/* INSERT */
	keep(malloc(size * 2));
	keep(calloc(3, size)); /* old only */
	keep(calloc(5, size));
	/* new: keep(malloc(size * 11)); */
	if (size > 10)
		keep(realloc(NULL, size * 7));
}

/* Not quite the same: of functions that are, a compiler keeps one. */
static void twin(size_t size)
{
	keep(malloc(size + 1));
}

static void other_twin(size_t size)
{
	keep(malloc(size + 2));
}

static void inner(void (*each)(size_t), size_t size)
{
	each(size);
	keep(malloc(size * 2));
}

static void outer(void (*each)(size_t), size_t size)
{
	inner(each, size);
	keep(malloc(size * 3));
}

static void removed(size_t size) /* old only */
{                                /* old only */
	keep(malloc(size));      /* old only */
} /* old only */

/* new: static void added(size_t size) */
/* new: { */
/* new: 	keep(malloc(size)); */
/* new: } */

int main(void)
{
	first(1 << 4);
	/* INSERT */
	first(1 << 6);
	several(10009);
	removed(2503); /* old only */
	twin(401);
	other_twin(607);
	outer(TWIN, 8009);
	store_open(1009);
	store_add(30011);
	store_add(50021);
	store_grow(70001);
	/* new: added(3001); */
	parse_all(100003);
	parse_all(200003);
	return 0;
}
