/* SPDX-License-Identifier: MIT */
/* Where the program called one of our functions: what a walk starts from. */
#ifndef PRELOAD_CAPTURE_HERE_H
#define PRELOAD_CAPTURE_HERE_H

#include <stdint.h>

/* The record that a function which keeps the frame pointer has at the top of its frame. */
struct here {
	uint64_t bp; /* the caller's frame pointer register */
	uint64_t pc; /* where our function returns to */
};

/* To be used in the very function that the program calls. */
#define HERE() ((const struct here *)__builtin_frame_address(0))

/* The caller's stack pointer after the return. */
static inline uint64_t here_sp(const struct here *here)
{
	return (uint64_t)(here + 1);
}

#endif
