/* SPDX-License-Identifier: MIT */
/*
 * The functions of one compilation unit by address. A unit may have a hundred thousand of them, and
 * a trace be about ten: what was inlined into a function is read when an address falls into it.
 */
#ifndef ANALYZER_SYMBOL_FUNCTIONS_H
#define ANALYZER_SYMBOL_FUNCTIONS_H

#include "symbol/elf_file.h"
#include "symbol/ranges.h"
#include "symbol/scopes.h"

struct function {
	Dwarf_Die die;
	struct scopes *scopes; /* NULL until needed */
};

/* Those at the unit's level, or those inside other functions. */
struct function_level {
	struct ranges ranges; /* owner: index into the items of both */
	bool is_read;
};

struct functions {
	struct function *items;
	size_t count, capacity;
	struct function_level outer, inner;
};

/* Reads the functions below `root`, the unit's DIE, that lie in the code of `file`, but for those
 * inside others; once. */
void functions_read(struct functions *functions, Dwarf_Die *root, const struct elf_file *file);
/* And those inside others; once. */
void functions_read_inner(struct functions *functions, Dwarf_Die *root,
			  const struct elf_file *file);
void functions_release(struct functions *functions);

/* The scopes of the function around `address`, or NULL. Those inside others are only read for an
 * address that nothing else is around. */
struct scopes *functions_find(struct functions *functions, Dwarf_Die *root,
			      const struct elf_file *file, uint64_t address);

#endif
