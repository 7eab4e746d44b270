/* SPDX-License-Identifier: MIT */
/*
 * Allocation for the analyzer: running out of memory ends the command with a sentence and exit
 * code 2, so callers never see NULL. Everything returned is freed with free().
 */
#ifndef ANALYZER_UTIL_MEMORY_H
#define ANALYZER_UTIL_MEMORY_H

#include <stddef.h>

void *xmalloc(size_t bytes);
void *xcalloc(size_t count, size_t bytes);
void *xreallocarray(void *block, size_t count, size_t bytes);
char *xstrdup(const char *text);
char *xstrndup(const char *text, size_t bytes);
char *xasprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));

_Noreturn void die_oom(void);

#endif
