/* SPDX-License-Identifier: MIT */
/* What calls what, in the call stacks of a side: the lines of its functions, and what they call. */
#ifndef ANALYZER_REPORT_CALLS_H
#define ANALYZER_REPORT_CALLS_H

#include <stddef.h>
#include <stdint.h>

struct report;
struct side;

struct call {
	uint32_t function; /* a place grouped by function */
	uint32_t line, place;
	uint32_t from_line; /* where the function is declared; 0: unknown */
	uint32_t callee;    /* a function, too; or of memory asked for, the place of its domain */
	uint64_t allocations, allocated_bytes; /* in it, and in what it calls */
};

/* A function, with its calls: a part of the array of calls. */
struct caller {
	uint32_t function;
	uint32_t from_line;
	size_t first, count;
};

struct calls {
	struct call *items; /* by function, line and callee; each once */
	size_t count, capacity;
	struct caller *callers;
	size_t caller_count;
};

/* Those of all sites that are taken. */
void calls_find(struct calls *calls, struct report *report, struct side *side);
void calls_release(struct calls *calls);

#endif
