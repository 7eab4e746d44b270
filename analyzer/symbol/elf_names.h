/* SPDX-License-Identifier: MIT */
/*
 * Function names from ELF symbol tables, for code without debug information. An address that no
 * symbol's extent covers has no name: the nearest symbol before it is somebody else.
 */
#ifndef ANALYZER_SYMBOL_ELF_NAMES_H
#define ANALYZER_SYMBOL_ELF_NAMES_H

#include "symbol/elf_file.h"
#include "symbol/ranges.h"

struct elf_names {
	struct ranges ranges; /* owner: index into names */
	const char **names;   /* borrowed from the ELF file */
	size_t count;
};

/* Reads .symtab, or .dynsym without one. Returns whether there was any function. */
bool elf_names_read(struct elf_names *names, const struct elf_file *file);
void elf_names_release(struct elf_names *names);

/* The linkage name, or NULL. */
const char *elf_names_find(const struct elf_names *names, uint64_t address);

#endif
