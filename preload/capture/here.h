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

/* What an object on the stack may be needed for, the compiler does not know. */
static inline void here_keep(const char *object)
{
	__asm__ volatile("" : : "r"(object) : "memory");
}

/* To be used in the very function that the program calls. The record is good until that returns;
 * the object on its stack makes sure that it does, rather than jump to what it calls last. */
#define HERE() (here_keep(&(const char){0}), (const struct here *)__builtin_frame_address(0))

/* The caller's stack pointer after the return. */
static inline uint64_t here_sp(const struct here *here)
{
	return (uint64_t)(here + 1);
}

#endif
