/* SPDX-License-Identifier: MIT */
/*
 * Time, in nanoseconds. The coarse clock costs 5 ns and moves every few milliseconds: enough for
 * deadlines and timelines; nothing in the shim needs a finer one.
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

/* When recording began in this process; set by process.c. */
extern uint64_t clock_origin_ns;

/* A time as traces have it: since recording began. */
static inline uint64_t clock_elapsed_ns(void)
{
	return clock_now_ns() - clock_origin_ns;
}

#endif
