/* SPDX-License-Identifier: MIT */
/* --map OLD=NEW: directories and modules that have another name in the new build. */
#ifndef ANALYZER_REPORT_PATH_MAP_H
#define ANALYZER_REPORT_PATH_MAP_H

#include <stddef.h>

#include "util/error.h"
#include "util/options.h"
#include "util/strings.h"

struct path_map {
	struct option_list asked; /* --map, in order; the first that fits a path is used */
	bool *used;               /* by index; NULL until one is */
	struct strings strings;   /* the new paths */
};

/* Whether all of them can be read. */
int path_map_check(const struct path_map *map, struct error *err);
void path_map_release(struct path_map *map);

/* The path as the new build has it; `path` itself if nothing fits. OLD fits a path that is it or
 * lies below it. Lives as long as the map. NULL stays NULL. */
const char *path_map_new(struct path_map *map, const char *path);

/* How many parts two paths have in common at their ends; INT_MAX if they are the same. */
unsigned path_common_tail(const char *a, const char *b);

#endif
