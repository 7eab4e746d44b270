/* SPDX-License-Identifier: MIT */
/* What every unit test of the shim needs: cmocka, and a random sequence that is the same each run.
 */
#ifndef TEST_H
#define TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Numbers from a seed (splitmix64, public domain, Sebastiano Vigna). */
static inline uint64_t test_random(uint64_t *seed)
{
	uint64_t z = *seed += 0x9E3779B97F4A7C15u;

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

static inline uint64_t test_below(uint64_t *seed, uint64_t limit)
{
	return test_random(seed) % limit;
}

#endif
