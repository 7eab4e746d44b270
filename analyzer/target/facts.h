/* SPDX-License-Identifier: MIT */
/*
 * What the file of a program says about whether its heap can be watched: read from its ELF headers
 * and symbol tables, never by running it.
 */
#ifndef ANALYZER_TARGET_FACTS_H
#define ANALYZER_TARGET_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct facts {
	const char *path; /* borrowed */
	bool is_readable; /* else nothing below is known */
	bool is_elf;
	unsigned bits;                 /* 32 or 64 */
	unsigned machine;              /* e_machine */
	char *loader;                  /* PT_INTERP; NULL: static, or the loader itself */
	bool is_loader;                /* ld.so run as a command, which loads programs */
	bool defines_malloc;           /* in either symbol table */
	const char *allocator;         /* "jemalloc" ...: linked into the file; NULL: none known */
	const char *allocator_symbol;  /* what gave it away */
	const char *allocator_library; /* "jemalloc" ...: a library it needs; NULL: none known */
	const char *sanitizer;         /* "AddressSanitizer" ...; NULL: none */
	bool changes_identity; /* set-user-ID, set-group-ID or capabilities that take effect */
};

void facts_read(struct facts *facts, const char *path);
void facts_release(struct facts *facts);

#endif
