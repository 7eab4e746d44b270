/* SPDX-License-Identifier: MIT */
/* Source paths made comparable; see source_path.h. */
#include "symbol/source_path.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

/* The path built so far; never longer than the text it is made from. */
struct path {
	char *text;
	size_t length;
	bool absolute;
};

static void path_push(struct path *path, const char *part, size_t bytes)
{
	if (path->length || path->absolute)
		path->text[path->length++] = '/';
	memcpy(path->text + path->length, part, bytes);
	path->length += bytes;
}

/* ".." takes the last part away. The root has no parent; a relative path keeps what it cannot
 * resolve. */
static void path_pop(struct path *path)
{
	const char *slash = memrchr(path->text, '/', path->length);
	size_t last = slash ? (size_t)(slash - path->text) + 1 : 0;
	size_t bytes = path->length - last;

	if (path->absolute && !path->length)
		return;
	if (!bytes || (bytes == 2 && memcmp(path->text + last, "..", 2) == 0)) {
		path_push(path, "..", 2);
		return;
	}
	path->length = slash ? last - 1 : 0;
}

static char *normalise(const char *text)
{
	struct path path = {xcalloc(strlen(text) + 2, 1), 0, text[0] == '/'};

	while (*text) {
		size_t bytes = strcspn(text, "/");

		if (bytes == 2 && memcmp(text, "..", 2) == 0)
			path_pop(&path);
		else if (bytes && !(bytes == 1 && text[0] == '.'))
			path_push(&path, text, bytes);
		text += bytes;
		text += *text == '/';
	}
	if (!path.length)
		path.text[path.length++] = path.absolute ? '/' : '.';
	path.text[path.length] = '\0';
	return path.text;
}

char *source_path(const char *directory, const char *path)
{
	char *joined, *result;

	if (path[0] == '/' || !directory || !directory[0])
		return normalise(path);
	joined = xasprintf("%s/%s", directory, path);
	result = normalise(joined);
	free(joined);
	return result;
}
