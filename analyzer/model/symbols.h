/* SPDX-License-Identifier: MIT */
/*
 * What addresses stand for, as far as the trace itself says: a symbolized trace holds the names and
 * lines that were found where it was symbolized. Data, no lookup; see symbol/ for that.
 *
 * Modules are named by their index in the profile; addresses are those that are looked up, return
 * addresses minus 1.
 */
#ifndef ANALYZER_MODEL_SYMBOLS_H
#define ANALYZER_MODEL_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heapmark/format.h"
#include "util/strings.h"

/* One source-level frame. Strings belong to whoever made it. */
struct symbol_frame {
	const char *function; /* demangled; NULL: no symbol covers the address */
	const char *file;     /* NULL: unknown */
	uint32_t line;        /* 0: unknown */
	uint32_t from_line;   /* where the function is declared; 0: unknown */
	bool inlined;         /* inlined into the next frame of the list */
};

/* How much of a module could be read, for messages. */
enum symbol_quality {
	SYMBOL_NONE = HEAPMARK_SYMBOLS_NONE,   /* the file is gone, or is not the recorded one */
	SYMBOL_NAMES = HEAPMARK_SYMBOLS_NAMES, /* function names only */
	SYMBOL_LINES = HEAPMARK_SYMBOLS_LINES, /* files and lines too */
};

/* For comparing how much is known: the quality, and whether something is missing all the same. */
int symbols_rank(enum symbol_quality quality, const char *why);

struct symbol_address {
	uint64_t address;
	size_t first; /* in the table's frames */
	uint32_t count;
};

struct module_symbols {
	bool is_known; /* something is said of the module */
	enum symbol_quality quality;
	const char *why; /* a sentence on what was missing; NULL: nothing. Borrowed */
	struct symbol_address *addresses; /* rising */
	size_t count, capacity;
};

struct symbols {
	struct module_symbols *modules; /* by index; shorter than the profile's list */
	size_t module_count;
	struct symbol_frame *frames;
	size_t frame_count, frame_capacity;
};

/* Begins what is said of a module; what was said before is forgotten. */
void symbols_begin(struct symbols *symbols, uint32_t module, enum symbol_quality quality,
		   const char *why);

/* Takes back what was said of the module that was begun last. */
void symbols_forget(struct symbols *symbols, uint32_t module);

/* Adds an address of a module that was begun, with room for `count` frames, which the caller fills;
 * the pointer is good until the next call. NULL if the address is not beyond the module's last. */
struct symbol_frame *symbols_add(struct symbols *symbols, uint32_t module, uint64_t address,
				 uint32_t count);

/* What is said of a module, or NULL. */
const struct module_symbols *symbols_module(const struct symbols *symbols, uint32_t module);

/* The frames of an address, innermost first, or NULL if nothing is said of it. */
const struct symbol_frame *symbols_find(const struct symbols *symbols, uint32_t module,
					uint64_t address, size_t *count);

/* How many addresses, and how many modules, something is said of. */
size_t symbols_count(const struct symbols *symbols);
size_t symbols_module_count(const struct symbols *symbols);

/* Adds what `from` says of its module `other` to what is said of `module`: of an address that both
 * know, what the one that knows more of the module says. Texts are interned in `strings`. */
void symbols_unite(struct symbols *symbols, uint32_t module, const struct symbols *from,
		   uint32_t other, struct strings *strings);

void symbols_release(struct symbols *symbols); /* fine on zeros, and leaves them */

#endif
