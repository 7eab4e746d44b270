/* SPDX-License-Identifier: MIT */
/*
 * Separate debug information: the file that distributions ship apart from a stripped program, and
 * the supplementary file that dwz moves common parts into. Only files on this machine.
 */
#ifndef ANALYZER_SYMBOL_DEBUG_FILE_H
#define ANALYZER_SYMBOL_DEBUG_FILE_H

#include <stdbool.h>

#include "symbol/elf_file.h"

#define DEBUG_ROOT "/usr/lib/debug"

/* ROOT/.build-id/xx/rest.debug, if there is such a file and it has that build-id. */
bool debug_file_by_build_id(struct elf_file *found, const uint8_t *id, size_t bytes,
			    const char *root);

/* The same from a server of debug files, where the user has named one; `name` is whose it is. */
bool debug_file_fetch(struct elf_file *found, const uint8_t *id, size_t bytes, const char *name);

/* The file that .gnu_debuglink of `stripped` names: beside it, in .debug/ there, or in ROOT
 * followed by its directory. It must be the very one: same build-id, or same checksum. */
bool debug_file_by_link(struct elf_file *found, const struct elf_file *stripped, const char *root);

/* The dwz file that the DWARF of `file` refers to, made known to it; `alt` must outlive `file`'s
 * DWARF. True if none is needed. */
bool debug_file_attach_alt(struct elf_file *alt, const struct elf_file *file, const char *root);

#endif
