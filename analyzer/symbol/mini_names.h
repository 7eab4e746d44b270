/* SPDX-License-Identifier: MIT */
/*
 * The symbols in .gnu_debugdata: a compressed file inside a stripped one, which holds what .dynsym
 * leaves out. Some distributions (Fedora and its kin) ship all their programs so.
 */
#ifndef ANALYZER_SYMBOL_MINI_NAMES_H
#define ANALYZER_SYMBOL_MINI_NAMES_H

#include "symbol/elf_file.h"

struct mini_names;

typedef void mini_names_visit(const GElf_Sym *symbol, const char *name, void *context);

/* Calls `visit` for each symbol; names live as long as the result. NULL if there are none. */
struct mini_names *mini_names_read(const struct elf_file *file, mini_names_visit *visit,
				   void *context);
void mini_names_free(struct mini_names *names); /* NULL is fine */

#endif
