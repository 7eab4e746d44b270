/* SPDX-License-Identifier: MIT */
/*
 * The compilation units of a file with DWARF, and which of them an address belongs to.
 *
 * The lookup is made from the units' own ranges and not from .debug_aranges, which clang leaves
 * out. What is inside a unit is read when the first address falls into it.
 */
#ifndef ANALYZER_SYMBOL_UNITS_H
#define ANALYZER_SYMBOL_UNITS_H

#include "symbol/contexts.h"
#include "symbol/elf_file.h"
#include "symbol/functions.h"
#include "symbol/ranges.h"

struct unit {
	Dwarf_Die lines; /* the unit that owns the line table */
	Dwarf_Die root;  /* of the functions: the same, or its split part (.dwo) */
	struct functions functions;
	struct contexts contexts;
	bool has_contexts; /* they have been read */
};

struct units {
	struct unit *items;
	size_t count, capacity;
	struct ranges ranges; /* owner: index into items */
	bool is_split_gone;   /* functions of some are in files (.dwo) that are not there */
};

void units_read(struct units *units, const struct elf_file *file);
void units_release(struct units *units);

/* The unit around `address` with its functions read, or NULL. */
struct unit *units_find(struct units *units, const struct elf_file *file, uint64_t address);

/* The namespaces and classes around `function`, a DIE of any unit; NULL: none. */
const char *units_context(struct units *units, Dwarf_Die *function, struct strings *strings);

#endif
