/* SPDX-License-Identifier: MIT */
/*
 * All that is known on this machine about one module: its file or a separate debug file, checked to
 * be those that were recorded, and the lookups made from them.
 */
#ifndef ANALYZER_SYMBOL_BINARY_H
#define ANALYZER_SYMBOL_BINARY_H

#include "symbol/elf_file.h"
#include "symbol/elf_names.h"
#include "symbol/symbol.h"
#include "symbol/units.h"
#include "util/strings.h"

#define BINARY_FRAMES_MAX 64 /* deeper inlining is cut: outer frames are kept */

struct binary {
	struct elf_file file;  /* the module itself; closed if gone or not the recorded one */
	struct elf_file debug; /* its separate debug file, if any */
	struct elf_file alt;   /* dwz's supplementary file, if any */
	const struct elf_file *source; /* the one whose DWARF is read; NULL: none */
	uint64_t slide;                /* what to add to an address of the module for `source` */
	struct units units;
	struct elf_names
		names;  /* with debug information, only once that does not know a function */
	bool has_names; /* they have been read */
	uint64_t names_slide;
	enum symbol_quality quality;
	char *why; /* a sentence on what is missing; NULL: nothing */
};

/* Opens what there is; never fails, but may find nothing. */
void binary_open(struct binary *binary, const struct symbol_module *module, const char *debug_root);
void binary_release(struct binary *binary);

/* The linkage name from the symbol table, or NULL. */
const char *binary_name(struct binary *binary, uint64_t address);

/* How many bytes of debug information about functions there are, uncompressed. */
uint64_t binary_debug_bytes(const struct binary *binary);

/* The frames at `address`, innermost first; at least one. Returns how many. */
size_t binary_resolve(struct binary *binary, uint64_t address, struct strings *strings,
		      struct symbol_frame frames[static BINARY_FRAMES_MAX]);

#endif
