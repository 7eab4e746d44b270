/* SPDX-License-Identifier: MIT */
/*
 * What each line has by itself, and through each function that it calls. The sum of all calls of a
 * function is what is below it, also under recursion: a stack counts at the outermost call of each
 * function, and its further calls have nothing. What is outermost of all is called by a function
 * that stands for the whole, so that one which is sometimes outermost and sometimes called is
 * complete.
 */
#ifndef ANALYZER_EXPORT_COSTS_H
#define ANALYZER_EXPORT_COSTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "export/callers.h"
#include "export/export.h"

#define COSTS_WHOLE "[all]" /* the name of the function that stands for it */

struct line_cost {
	uint32_t function; /* the place of a function: see below */
	uint32_t place;    /* a line of it */
	uint32_t callee;   /* the place of another function; only if is_call */
	bool is_call;      /* else it is the line's own */
	uint64_t calls;    /* allocations that came this way */
	uint64_t values[VALUE_COUNT];
};

/* A function is a place of its own: it has no line, and no module unless it needs one for a name,
 * so that it is one function wherever its code was inlined, as readers take it. */
struct costs {
	struct line_cost *items; /* by function, line, callee */
	size_t count;
};

void costs_build(struct costs *costs, const struct export *export, const struct callers *callers);
void costs_release(struct costs *costs);

#endif
