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

#define RULE_BARE_MAX 0x4000 /* the same as libunwind's, which would then guess */

enum rule_kind {
	/* Not one of those below: code that nobody knows, a signal frame, any other DWARF
	 * expression, a base other than the stack or the frame pointer, a return address that is
	 * elsewhere than beneath the CFA. The whole stack is then libunwind's. */
	RULE_NONE,
	RULE_STEP,
	RULE_END, /* the outermost frame: it has no return address */
	/* The function has aligned its stack, so that the CFA is at no known distance. It is kept
	 * in the frame: both offsets are from the frame pointer, to the words where the CFA and
	 * the caller's frame pointer are. */
	RULE_REALIGNED,
	/* Code of an object that says nothing of it, but does of the code around: assembly, such as
	 * what starts a program or what makecontext() has a routine return to. It is the outermost
	 * frame, unless the frame pointer may be one (rule_may_be_frame()). */
	RULE_BARE,
	RULE_KINDS,
};

/* The CFA is the stack pointer before the call that made the frame. The caller's stack pointer is
 * the CFA, its pc is in the word beneath. */
struct rule {
	int32_t cfa_offset; /* bytes, from the stack pointer or (from_bp) the frame pointer */
	int16_t bp_offset;  /* where the caller's frame pointer was saved: bytes from the CFA;
			       0: this frame has not changed it */
	uint8_t kind;       /* enum rule_kind */
	bool from_bp;       /* the frame pointer matters to this frame */
};

/* Whether a frame pointer might point at a frame further out, for all that is known. Where programs
 * start it is 0, and elsewhere code without unwind information has what it likes in there. */
static inline bool rule_may_be_frame(uint64_t bp, uint64_t sp)
{
	return bp - sp <= RULE_BARE_MAX;
}

/* `pc` is a return address: the rule is that of the call before it, which may be the last
 * instruction of its function. */
struct rule rule_find(uint64_t pc);

#endif
