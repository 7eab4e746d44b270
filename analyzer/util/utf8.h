/* SPDX-License-Identifier: MIT */
/* Paths, arguments and labels are bytes; what we show must be text. */
#ifndef ANALYZER_UTIL_UTF8_H
#define ANALYZER_UTIL_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* How many bytes the character at `text` has, 1 to 4; 0 if it is not valid UTF-8. `text` ends with
 * a NUL. */
size_t utf8_length(const char *text);

/* A copy in which each byte that is not part of valid UTF-8 is U+FFFD. The caller frees it. */
char *utf8_clean(const char *text);

/* As utf8_clean, and control characters are '?', so that no file can command a terminal. */
char *utf8_printable(const char *text);

/* How many columns printable text takes, counting one for each character. */
size_t utf8_columns(const char *text);

/* Cuts printable text to so many columns (3 or more) if it has more, keeping its end or its
 * beginning; dots stand for the rest. */
void utf8_cut(char *text, size_t columns, bool keep_end);

#endif
