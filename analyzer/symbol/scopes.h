/* SPDX-License-Identifier: MIT */
/*
 * One function, and the calls that were inlined into it: which of them is the innermost around an
 * address, and what it was inlined into.
 */
#ifndef ANALYZER_SYMBOL_SCOPES_H
#define ANALYZER_SYMBOL_SCOPES_H

#include "symbol/elf_file.h"
#include "symbol/ranges.h"

/* A function's code, or the code of one inlined call. */
struct scope {
	Dwarf_Die die;
	uint32_t outer; /* index of the scope it was inlined into; RANGES_NONE: a real function */
	bool is_named, is_placed; /* the fields below have been looked up */
	const char *name;         /* NULL: nameless */
	uint32_t from_line;       /* where the function is declared; 0: unknown */
	const char *call_file;    /* where the inlined call stands; NULL: unknown */
	uint32_t call_line;
};

struct scopes {
	struct scope *items;
	size_t count, capacity;
	struct ranges ranges; /* owner: index into items */
};

/* What an entry of the debug information is to all this. */
enum scope_kind {
	SCOPE_NONE,
	SCOPE_FUNCTION,
	SCOPE_INLINED,
	SCOPE_CONTAINER, /* none itself, but there may be some in it */
};

enum scope_kind scope_kind(Dwarf_Die *die);

/* Adds what lies in the code of `file` of an entry's addresses. Returns whether there was any. */
bool scope_add_ranges(struct ranges *ranges, Dwarf_Die *die, const struct elf_file *file,
		      uint32_t owner);

/* Reads a function as far as it lies in the code of `file`, without the functions inside it. */
void scopes_read(struct scopes *scopes, Dwarf_Die *function, const struct elf_file *file);
void scopes_release(struct scopes *scopes);

/* The innermost scope at `address`, or NULL; scopes_outer() leads from there to the function. */
struct scope *scopes_find(struct scopes *scopes, uint64_t address);
struct scope *scopes_outer(struct scopes *scopes, const struct scope *scope);

#endif
