/* SPDX-License-Identifier: MIT */
/* Paths of the old build in the new one; see path_map.h. */
#include "report/path_map.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

int path_map_check(const struct path_map *map, struct error *err)
{
	for (size_t i = 0; i < map->asked.count; i++) {
		const char *text = map->asked.values[i], *equals = strchr(text, '=');

		if (!equals || equals == text || !equals[1])
			return error_set(err,
					 "--map %s: give the old path, an = and the new one, such "
					 "as --map /home/a/x=/home/b/y",
					 text);
	}
	return 0;
}

void path_map_release(struct path_map *map)
{
	option_list_release(&map->asked);
	free(map->used);
	strings_release(&map->strings);
	*map = (struct path_map){.strings = STRINGS_INIT};
}

/* How much of the path `old` stands for; 0 if it does not. A final slash means nothing. */
static size_t fitting(const char *path, const char *old, size_t length)
{
	while (length > 1 && old[length - 1] == '/')
		length--;
	if (strncmp(path, old, length) != 0)
		return 0;
	return !path[length] || path[length] == '/' ? length : 0;
}

static const char *moved(struct path_map *map, const char *rest, const char *to)
{
	size_t length = strlen(to);
	const char *path;
	char *text;

	while (*rest && length > 1 && to[length - 1] == '/')
		length--;
	text = xasprintf("%.*s%s", (int)length, to, rest);
	path = strings_text(&map->strings, text);
	free(text);
	return path;
}

const char *path_map_new(struct path_map *map, const char *path)
{
	for (size_t i = 0; path && i < map->asked.count; i++) {
		const char *old = map->asked.values[i], *equals = strchr(old, '=');
		size_t length = fitting(path, old, (size_t)(equals - old));

		if (!length)
			continue;
		if (!map->used)
			map->used = xcalloc(map->asked.count, sizeof(*map->used));
		map->used[i] = true;
		return moved(map, path + length, equals + 1);
	}
	return path;
}

unsigned path_common_tail(const char *a, const char *b)
{
	size_t at = strlen(a), bt = strlen(b);
	unsigned parts = 0;

	while (at && bt && a[at - 1] == b[bt - 1]) {
		at--;
		bt--;
		parts += a[at] == '/';
	}
	if (!at && !bt)
		return INT_MAX;
	/* The part where they part is common if it begins on both sides. */
	return parts + ((!at && b[bt - 1] == '/') || (!bt && a[at - 1] == '/'));
}
