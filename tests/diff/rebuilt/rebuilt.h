/* SPDX-License-Identifier: MIT */
/* See main.c. */
#ifndef TESTS_REBUILT_H
#define TESTS_REBUILT_H

#include <stdlib.h>

/* So many times as large are all blocks of a build. */
#ifdef FACTOR
#define malloc(size)         malloc(FACTOR *(size))
#define calloc(count, size)  calloc(count, FACTOR *(size))
#define realloc(block, size) realloc(block, FACTOR *(size))
#endif

/* Which one a pointer leads to. */
#ifndef TWIN
#define TWIN twin
#endif

/* Keeps a block to the end, so that no compiler can do without it. */
void *keep(void *block);

/* malloc(), and nothing else: optimized, it jumps there and leaves no frame of its own. */
void *take(size_t size);

void store_open(size_t size);
void store_add(size_t size);
void store_grow(size_t size);
void parse_all(size_t size);

#endif
