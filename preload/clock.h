/* SPDX-License-Identifier: MIT */
/*
 * Time, in nanoseconds. The coarse clock costs 5 ns and moves every few milliseconds: enough for
 * deadlines, and all that may be read while the tables are locked. Snapshots have the exact time.
 */
#ifndef PRELOAD_CLOCK_H
#define PRELOAD_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline uint64_t clock_read_ns(clockid_t which)
{
	struct timespec now;

	clock_gettime(which, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static inline uint64_t clock_now_ns(void)
{
	return clock_read_ns(CLOCK_MONOTONIC_COARSE);
}

/* When recording began in this process, by the exact clock; set by process.c. */
extern uint64_t clock_origin_ns;

/* Times as traces have them: since recording began. The coarse one is a little behind. */
static inline uint64_t clock_elapsed_ns(void)
{
	uint64_t now = clock_now_ns();

	return now > clock_origin_ns ? now - clock_origin_ns : 0;
}

static inline uint64_t clock_exact_elapsed_ns(void)
{
	return clock_read_ns(CLOCK_MONOTONIC) - clock_origin_ns;
}

#endif
