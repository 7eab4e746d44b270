/* SPDX-License-Identifier: MIT */
/*
 * What stands around the functions of a C++ unit: namespaces and classes.
 *
 * Functions that cannot be linked to (in anonymous namespaces, of local classes, lambdas) have no
 * linkage name to demangle, only "go"; with their context they are "(anonymous namespace)::X::go".
 */
#ifndef ANALYZER_SYMBOL_CONTEXTS_H
#define ANALYZER_SYMBOL_CONTEXTS_H

#include <elfutils/libdw.h>
#include <stddef.h>

#include "util/strings.h"

struct context {
	Dwarf_Off offset;   /* of the function's DIE */
	const char *prefix; /* what is written before "::" and its name; borrowed */
};

struct contexts {
	struct context *items; /* by offset */
	size_t count, capacity;
};

/* Reads the contexts of all functions below `root`; none if the unit is not C++. */
void contexts_read(struct contexts *contexts, Dwarf_Die *root, struct strings *strings);
void contexts_release(struct contexts *contexts);

/* NULL for a function that is in nothing. */
const char *contexts_find(const struct contexts *contexts, Dwarf_Die *function);

#endif
