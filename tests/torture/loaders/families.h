/* SPDX-License-Identifier: MIT */
/* What the programs that call an allocator by names of its own have in common. */
#ifndef TESTS_TORTURE_LOADERS_FAMILIES_H
#define TESTS_TORTURE_LOADERS_FAMILIES_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "torture.h"

#define TIMES 100

/* A function of that name, which makes blocks, TIMES times; each is freed but the last. */
#define MAKES(name, make, release) \
	static __attribute__((noinline)) void name(void) \
	{ \
		for (int i = 0; i < TIMES; i++) { \
			char *volatile block = make; \
\
			MUST(block); \
			memset(block, i, 100); \
			if (i < TIMES - 1) \
				release; \
		} \
	}

#endif
