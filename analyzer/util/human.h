/* SPDX-License-Identifier: MIT */
/* Sizes, counts and durations as people write and read them. */
#ifndef ANALYZER_UTIL_HUMAN_H
#define ANALYZER_UTIL_HUMAN_H

#include <stdint.h>

#include "util/error.h"

/* Long enough for every text that the functions below make. */
#define HUMAN_BYTES 48

/* "0 B", "1023 B", "1.5 KiB", "12.0 MiB"; returns `text`. */
const char *human_size(char text[static HUMAN_BYTES], uint64_t bytes);

/* As human_size, with a sign: "+1.5 KiB", "-3 B", "0 B". */
const char *human_size_diff(char text[static HUMAN_BYTES], int64_t bytes);

/* "1,234,567". */
const char *human_count(char text[static HUMAN_BYTES], uint64_t count);

/* "1 block", "1,234 blocks", "2 processes": `thing` with an s unless there is one. At most 20 bytes
 * of it. */
const char *human_items(char text[static HUMAN_BYTES], uint64_t count, const char *thing);

/* "+1,234", "-5", "0". */
const char *human_count_diff(char text[static HUMAN_BYTES], int64_t count);

/* "850 ns", "1.2 ms", "12.35 s", "3 min 20 s", "2 h 05 min". */
const char *human_duration(char text[static HUMAN_BYTES], uint64_t ns);

/* Reads "200ms", "1s", "1.5s", "2m", "1h", "10us", "5ns", or a bare 0. Returns 0, or negative with
 * a sentence that names `what` (such as "--interval"). */
int human_parse_duration(const char *what, const char *text, uint64_t *ns, struct error *err);

/* Reads "4096", "512K", "512KiB", "1.5M", "1G"; the units are powers of 1024. As above. */
int human_parse_size(const char *what, const char *text, uint64_t *bytes, struct error *err);

/* human_parse_size() as an option_callback; `context` is the uint64_t. */
int human_option_size(const char *name, const char *value, void *context, struct error *err);

/* Reads a whole number, decimal digits only. As above. */
int human_parse_count(const char *what, const char *text, uint64_t *count, struct error *err);

#endif
