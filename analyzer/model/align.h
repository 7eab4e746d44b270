/* SPDX-License-Identifier: MIT */
/*
 * The lines of one function in two builds: which line of the new build is which of the old. Pure.
 *
 * Lines keep their order, and what a line calls, and the size of the blocks that come of it, speak
 * for or against a pair. Lines that are shifted by as much as the pair before them, or as the
 * function as a whole, belong together.
 */
#ifndef ANALYZER_MODEL_ALIGN_H
#define ANALYZER_MODEL_ALIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ALIGN_NONE SIZE_MAX

/* A line on which the function calls. */
struct align_line {
	uint32_t line;
	const uint32_t *callees; /* what is called: numbers that both builds share; rising */
	size_t callee_count;     /* at least one */
	uint64_t allocations, allocated_bytes; /* by the line and what it calls */
};

struct align_function {
	const struct align_line *lines; /* rising */
	size_t count;
	uint32_t from_line; /* where it is declared; 0: unknown */
};

struct align_partner {
	size_t index; /* of the new line, or ALIGN_NONE */
	/* No other pairing is as good; and the line is where its function's declaration says, or
	 * its blocks are as large as they were, or it is the only one that calls what it calls. */
	bool is_sure;
};

/* Fills partners[old->count]. */
void align_lines(const struct align_function *old, const struct align_function *new,
		 struct align_partner *partners);

#endif
