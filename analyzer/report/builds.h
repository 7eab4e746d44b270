/* SPDX-License-Identifier: MIT */
/*
 * Which modules of two traces are the same, and which are other builds of the same. Modules are
 * told apart by name, as places are; several of one name count as one.
 */
#ifndef ANALYZER_REPORT_BUILDS_H
#define ANALYZER_REPORT_BUILDS_H

#include <stdbool.h>
#include <stddef.h>

#include "model/profile.h"
#include "report/path_map.h"
#include "report/places.h"
#include "util/strings.h"

/* A module of the old trace. Texts are interned in the strings that builds_find() was given. */
struct build {
	const char *name;
	const char *new_name; /* that of its counterpart in the new trace; NULL: none */
	const char *new_path; /* as recorded; for what has no file the name */
	bool is_same;         /* the very same build: every line is where it was */
};

struct builds {
	struct build *items;
	size_t count;
	bool differ; /* there is one that has a counterpart, but not the same or by another name */
};

void builds_find(struct builds *builds, const struct profile *old, const struct profile *new,
		 struct path_map *map, struct strings *strings);
void builds_release(struct builds *builds);

/* By the interned name of an old module; NULL if there is none. */
const struct build *builds_get(const struct builds *builds, const char *name);

#endif
