/* SPDX-License-Identifier: MIT */
/*
 * Function names from ELF symbol tables, for code without debug information. An address that no
 * symbol's extent covers has no name: the nearest symbol before it is somebody else.
 */
#ifndef ANALYZER_SYMBOL_ELF_NAMES_H
#define ANALYZER_SYMBOL_ELF_NAMES_H

#include "symbol/elf_file.h"
#include "symbol/ranges.h"

struct mini_names;

struct elf_names {
	struct ranges ranges; /* owner: index into names */
	const char **names;   /* borrowed from the ELF file, or from `mini` */
	size_t count;
	struct mini_names *mini; /* owns the names from .gnu_debugdata; NULL: there are none */
};

/* Reads .symtab; without one .dynsym and .gnu_debugdata. Returns whether there was any function.
 * The file must stay open as long as the names are used. */
bool elf_names_read(struct elf_names *names, const struct elf_file *file);
void elf_names_release(struct elf_names *names);

/* The linkage name, or NULL. */
const char *elf_names_find(const struct elf_names *names, uint64_t address);

#endif
