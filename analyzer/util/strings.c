/* SPDX-License-Identifier: MIT */
/* The table of strings; see strings.h. */
#include "util/strings.h"

#include <stdlib.h>
#include <string.h>

#include "util/hash.h"
#include "util/memory.h"

struct string_entry {
	UT_hash_handle hh;
	char text[];
};

const char *strings_intern(struct strings *strings, const void *bytes, size_t count)
{
	struct string_entry *entry;

	count = count ? strnlen(bytes, count) : 0;
	HASH_FIND(hh, strings->table, bytes, count, entry);
	if (entry)
		return entry->text;
	entry = xmalloc(sizeof(*entry) + count + 1);
	if (count)
		memcpy(entry->text, bytes, count);
	entry->text[count] = '\0';
	HASH_ADD_KEYPTR(hh, strings->table, entry->text, count, entry);
	return entry->text;
}

const char *strings_text(struct strings *strings, const char *text)
{
	return strings_intern(strings, text, strlen(text));
}

void strings_release(struct strings *strings)
{
	struct string_entry *entry, *next;

	HASH_ITER (hh, strings->table, entry, next) {
		HASH_DEL(strings->table, entry);
		free(entry);
	}
}

char *hex_text(const uint8_t *bytes, size_t count)
{
	char *text = xmalloc(2 * count + 1);

	for (size_t i = 0; i < count; i++) {
		text[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
		text[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
	}
	text[2 * count] = '\0';
	return text;
}

const char *path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* On a mismatch only the last * needs to be tried again, one character further. */
int glob_match(const char *pattern, const char *text)
{
	const char *star = NULL, *retry = NULL;

	while (*text) {
		if (*pattern == '*') {
			star = pattern++;
			retry = text;
		} else if (*pattern == '?' || *pattern == *text) {
			pattern++;
			text++;
		} else if (star) {
			pattern = star + 1;
			text = ++retry;
		} else {
			return 0;
		}
	}
	while (*pattern == '*')
		pattern++;
	return !*pattern;
}

bool path_tail_matches(const char *pattern, const char *path)
{
	while (path && !glob_match(pattern, path)) {
		const char *slash = strchr(path, '/');

		path = slash ? slash + 1 : NULL;
	}
	return path != NULL;
}
