/* SPDX-License-Identifier: MIT */
/*
 * An ELF file opened for reading: its build-id, where its code lies, and its DWARF if it has any.
 * Addresses are those of the file's own program headers, as in a trace.
 */
#ifndef ANALYZER_SYMBOL_ELF_FILE_H
#define ANALYZER_SYMBOL_ELF_FILE_H

#include <elfutils/libdw.h>
#include <gelf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/error.h"

struct code_span {
	uint64_t low, high;
};

struct elf_file {
	char *path;
	int fd;
	Elf *elf;                /* NULL: not open */
	Dwarf *dwarf;            /* NULL until elf_file_load_dwarf() succeeds */
	const uint8_t *build_id; /* borrowed from the file */
	size_t build_id_bytes;
	uint64_t base;          /* the lowest loaded address */
	struct code_span *code; /* the executable segments */
	size_t code_count;
};

#define ELF_FILE_INIT \
	{ \
		.fd = -1 \
	}

/* Returns 0, or negative with the reason as a sentence; then `file` is as good as INIT. */
int elf_file_open(struct elf_file *file, const char *path, struct error *err);
void elf_file_release(struct elf_file *file); /* valid on INIT */

/* The section called `name`, if it has bytes in this file; else NULL. */
Elf_Scn *elf_file_section(const struct elf_file *file, const char *name);

/* Whether an executable segment holds the address. Debug information of functions that the linker
 * dropped points elsewhere, mostly to 0. */
bool elf_file_is_code(const struct elf_file *file, uint64_t address);

bool elf_file_has_build_id(const struct elf_file *file, const uint8_t *id, size_t bytes);

/* Whether there is debug information about functions and lines; loads it. */
bool elf_file_load_dwarf(struct elf_file *file);

#endif
