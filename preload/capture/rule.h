/* SPDX-License-Identifier: MIT */
/*
 * The unwind rule of one program counter: how to step from a frame to its caller's.
 *
 * Read from .eh_frame where the code is, each time anew: whoever asks often keeps the answers, and
 * drops those of code that is unmapped. Nothing is allocated, locked or kept; any thread may ask at
 * any time, signal handlers too. Below 1 KB of stack, and below 1 us once the pages are there.
 */
#ifndef PRELOAD_CAPTURE_RULE_H
#define PRELOAD_CAPTURE_RULE_H

#include <stdbool.h>
#include <stdint.h>

enum rule_kind {
	/* Not one of the two below: no unwind information, a signal frame, a DWARF expression,
	 * a base other than the stack or the frame pointer, a return address that is elsewhere
	 * than beneath the CFA. The whole stack is then libunwind's. */
	RULE_NONE,
	RULE_STEP,
	RULE_END, /* the outermost frame: it has no return address */
};

/* The CFA is the stack pointer before the call that made the frame. The caller's stack pointer is
 * the CFA, its pc is in the word beneath. */
struct rule {
	int32_t cfa_offset; /* bytes, from the stack pointer or (from_bp) the frame pointer */
	int16_t bp_offset;  /* where the caller's frame pointer was saved: bytes from the CFA;
			       0: this frame has not changed it */
	uint8_t kind;       /* enum rule_kind */
	bool from_bp;
};

/* `pc` is a return address: the rule is that of the call before it, which may be the last
 * instruction of its function. */
struct rule rule_find(uint64_t pc);

#endif
