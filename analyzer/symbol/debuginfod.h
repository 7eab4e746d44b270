/* SPDX-License-Identifier: MIT */
/*
 * Debug files from the servers that DEBUGINFOD_URLS names, by build-id. Through elfutils' own
 * client, which is loaded when it is first needed, so that heapmark runs where it is not installed.
 * It keeps what it has fetched, and what there is not, in the user's cache.
 */
#ifndef ANALYZER_SYMBOL_DEBUGINFOD_H
#define ANALYZER_SYMBOL_DEBUGINFOD_H

#include <stddef.h>
#include <stdint.h>

/* Allows it: nothing else connects to anywhere, and unit tests and fuzzers must not. */
void debuginfod_allow(void);

/* The path of a debug file with this build-id, which the caller frees, or NULL. `name` is whose it
 * is, for the line of progress on a terminal. */
char *debuginfod_fetch(const uint8_t *id, size_t bytes, const char *name);

#endif
