/* SPDX-License-Identifier: MIT */
/*
 * The names of a module that were looked up before, kept in the user's cache by build-id, so that
 * the second report of a program with much debug information need not read it again.
 *
 * Where: in the directory HEAPMARK_CACHE, or heapmark/ in XDG_CACHE_HOME, or ~/.cache/heapmark; an
 * empty HEAPMARK_CACHE keeps nothing. What: a file for each module, BUILD-ID.names, which is a
 * trace of nothing but this module and its names (FORMAT.md). A cache that cannot be read or
 * written only costs time, so no failure is told.
 */
#ifndef ANALYZER_SYMBOL_CACHE_H
#define ANALYZER_SYMBOL_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/profile.h"

#define CACHE_MODULE 1 /* the index of the module in a file's profile */

/* Allows it: unit tests and fuzzers must leave the user's cache alone. */
void cache_allow(void);

/* Fills `kept`, which the caller has initialized and releases in any case, with what is kept of the
 * module; its texts are interned in `strings` and live as long as that. False: nothing is; then
 * `kept` holds nothing of use. */
bool cache_read(struct profile *kept, const uint8_t *build_id, size_t bytes,
		struct strings *strings);

/* Keeps what `names`, made by cache_describe(), says of its module, in place of what was kept. */
void cache_write(const struct profile *names);

/* Makes an initialized profile one of this module alone, for its names to be added. */
void cache_describe(struct profile *names, const char *path, const uint8_t *build_id, size_t bytes);

#endif
