/* SPDX-License-Identifier: MIT */
/*
 * From an address in a module to the functions, files and lines it stands for.
 *
 * The only entrance to analyzer/symbol/: everything about ELF, DWARF, debug files and demangling is
 * behind it. One symbolizer serves one command; not thread-safe.
 */
#ifndef ANALYZER_SYMBOL_SYMBOL_H
#define ANALYZER_SYMBOL_SYMBOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/symbols.h"

struct symbolizer;

/* What is known of a module from the trace. Borrowed for the duration of a call. */
struct symbol_module {
	const char *path;        /* as the loader knew it; "" if it had no file (vDSO) */
	const uint8_t *build_id; /* raw bytes */
	size_t build_id_bytes;   /* 0: the module had none */
};

struct symbolizer *symbolizer_new(void);
void symbolizer_free(struct symbolizer *self); /* NULL is fine */

/* Looks for separate debug files below `root` instead of /usr/lib/debug. Keeps its own copy; call
 * it before the first module. */
void symbolizer_set_debug_root(struct symbolizer *self, const char *root);

/* Reads from, and at the end adds to, the user's cache of names; see cache.h. Not for who wants to
 * know what is on this machine now. Call it before the first module. */
void symbolizer_use_cache(struct symbolizer *self);

/* Registers a module and returns its handle, for symbolizer_resolve(). Opens no file yet. The same
 * file registered again gets the same handle. */
uint32_t symbolizer_module(struct symbolizer *self, const struct symbol_module *module);

/* The frames at `address`, an address as it stands in the module's file, innermost (most inlined)
 * first. Pass a return address minus 1. Always at least one frame; when nothing is known its
 * function is NULL. C++, Rust and D names are demangled, without parameters. The array and its
 * strings belong to the symbolizer and live as long as it does; equal strings are equal pointers,
 * and repeated calls return the same array. */
const struct symbol_frame *symbolizer_resolve(struct symbolizer *self, uint32_t module,
					      uint64_t address, size_t *count);

/* How much is known of a module: of the addresses that were looked up so far, if any were found in
 * the cache. Reads the module's file if it has not been yet and nothing was found in the cache.
 * `why`, if not NULL, gets a sentence (owned by the symbolizer) on what is missing, or NULL. */
enum symbol_quality symbolizer_quality(struct symbolizer *self, uint32_t module, const char **why);

#endif
