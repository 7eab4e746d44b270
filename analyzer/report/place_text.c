/* SPDX-License-Identifier: MIT */
/* Places in words; see place_text.h. */
#include "report/place_text.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/split.h"
#include "util/memory.h"
#include "util/utf8.h"

#define SHOWN_PARTS 3  /* of a long path */
#define NARROWEST   12 /* a function's name is not cut below this */
#define ELLIPSIS    "..."

static bool is_below(const char *path, const char *directory, size_t length)
{
	return length > 1 && strncmp(path, directory, length) == 0 && path[length] == '/';
}

/* A part of the path itself; `cut` tells whether something is missing before it. */
static const char *short_path(const char *path, const char *directory, bool *cut)
{
	size_t length = strlen(directory);
	const char *at = path + strlen(path);
	unsigned parts = 0;

	*cut = false;
	if (is_below(path, directory, length))
		return path + length + 1;
	while (at > path) {
		if (at[-1] == '/' && ++parts == SHOWN_PARTS)
			break;
		at--;
	}
	*cut = at > path + 1;
	return *cut ? at : path;
}

/* "src/parse.c:120", "(libz.so.1)"; the caller frees it. */
static char *where(const struct place *place, const char *directory)
{
	const char *module = place->module ? place->module : "no module";
	bool cut;

	if (place->domain)
		return xstrdup(place->domain);
	if (place->split)
		return split_text(place->split);
	if (place->file) {
		const char *path = short_path(place->file, directory, &cut);
		const char *before = cut ? ELLIPSIS "/" : "";

		if (place->line)
			return xasprintf("%s%s:%" PRIu32, before, path, place->line);
		return xasprintf("%s%s", before, path);
	}
	if (place->function)
		return xasprintf("(%s)", module);
	if (place->address && !place->module)
		return xasprintf("0x%" PRIx64, place->address);
	if (place->address)
		return xasprintf("%s+0x%" PRIx64, module, place->address);
	return xstrdup(module);
}

static char *joined(const char *function, char *file, int columns)
{
	char *name = utf8_printable(function), *text;
	size_t room = (size_t)columns, file_columns = utf8_columns(file) + 2;
	const char *gap = *file == '(' ? " " : "  ";

	if (columns) {
		utf8_cut(name, file_columns + NARROWEST < room ? room - file_columns : NARROWEST,
			 false);
		utf8_cut(file, room - utf8_columns(name) - 2, true);
	}
	text = xasprintf("%s%s%s", name, gap, file);
	free(name);
	return text;
}

char *place_text(const struct place *place, const char *directory, int columns)
{
	const char *marker = place_marker_text(place);
	char *raw, *file, *text;

	if (marker)
		return xstrdup(marker);
	raw = where(place, directory);
	file = utf8_printable(raw);
	free(raw);
	if (!place->function) {
		if (columns)
			utf8_cut(file, (size_t)columns, true);
		return file;
	}
	text = joined(place->function, file, columns);
	free(file);
	return text;
}
