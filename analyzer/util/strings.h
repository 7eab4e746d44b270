/* SPDX-License-Identifier: MIT */
/*
 * Interned strings: equal texts are one pointer, so they can be compared and hashed as pointers.
 * They live until the table is released.
 */
#ifndef ANALYZER_UTIL_STRINGS_H
#define ANALYZER_UTIL_STRINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct string_entry;

struct strings {
	struct string_entry *table;
};

#define STRINGS_INIT \
	{ \
		NULL \
	}

/* The string of `count` bytes at `bytes`; what follows a NUL byte is dropped. Never NULL. */
const char *strings_intern(struct strings *strings, const void *bytes, size_t count);
const char *strings_text(struct strings *strings, const char *text);
void strings_release(struct strings *strings);

/* The bytes as people write build-ids, two hexadecimal digits each; to be freed. */
char *hex_text(const uint8_t *bytes, size_t count);

/* What follows the last '/' of `path`; `path` itself if there is none. */
const char *path_base(const char *path);

/* Whether `text` matches `pattern`, in which * stands for any characters and ? for one. */
int glob_match(const char *pattern, const char *text);

/* Whether the pattern matches the whole path or a tail of it that begins behind a slash. Nothing
 * matches NULL. */
bool path_tail_matches(const char *pattern, const char *path);

#endif
