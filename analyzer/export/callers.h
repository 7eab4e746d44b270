/* SPDX-License-Identifier: MIT */
/*
 * The call stacks of a profile as a tree of places: a context is a place with a chain of callers.
 * Stacks that differ in addresses alone are one, and heapmark's own frames are left out. Callers
 * have smaller numbers than what they call, so sums go up in one pass from the last to the first.
 */
#ifndef ANALYZER_EXPORT_CALLERS_H
#define ANALYZER_EXPORT_CALLERS_H

#include <stddef.h>
#include <stdint.h>

#include "export/export.h"
#include "model/tally.h"
#include "util/pairs.h"

struct callers {
	struct pairs contexts; /* number: (the caller's, place); from 1, 0 has no frame */
	uint32_t *node_of;     /* a node of the profile with this context, for its address */
	struct tally sites;    /* a row for each stack: the key is the innermost context */
};

/* Of the sites that are exported; places are coarsened to lines or functions. */
void callers_build(struct callers *callers, const struct export *export, enum group group);
void callers_release(struct callers *callers);

/* How many numbers there are, 0 among them. */
uint32_t callers_count(const struct callers *callers);

/* The context that called this one; 0: none did. And what it is a place of. */
uint32_t callers_next(const struct callers *callers, uint32_t context);
uint32_t callers_place(const struct callers *callers, uint32_t context);

/* One stack, innermost context first. CHAIN_INIT needs no release. */
struct chain {
	uint32_t *contexts;
	size_t count, capacity;
};

#define CHAIN_INIT \
	{ \
		NULL, 0, 0 \
	}

/* Makes `chain` the stack that ends in `context`. */
void callers_chain(const struct callers *callers, uint32_t context, struct chain *chain);
void chain_release(struct chain *chain);

#endif
