/* SPDX-License-Identifier: MIT */
/*
 * Places: what a row of a report stands for. A place is known by module, function, file and line,
 * never by address, so that the same place of two builds or two runs is one. Equal places have
 * equal numbers, for all profiles that share the table.
 */
#ifndef ANALYZER_REPORT_PLACES_H
#define ANALYZER_REPORT_PLACES_H

#include <stdbool.h>
#include <stdint.h>

#include "model/profile.h"
#include "util/strings.h"

enum group {
	GROUP_LINE,
	GROUP_FUNCTION,
	GROUP_FILE,
	GROUP_MODULE,
	GROUP_STACK,
	GROUP_DOMAIN, /* from here on no places in code */
	GROUP_SIZE,
	GROUP_THREAD,
	GROUP_COUNT,
};

/* NULL or 0: unknown, or not part of this grouping. Strings are interned. */
struct place {
	const char *function, *file;
	const char *module;      /* the file's name without its directory; NULL: none */
	const char *module_path; /* as recorded where the place was first met */
	uint64_t address;        /* in the module's file; only if there is no function */
	uint32_t line;
	uint32_t marker;    /* enum heapmark_marker; 0: a place in code */
	const char *domain; /* a domain, and then no place in code */
	uint64_t split;     /* sizes or a thread (model/split.h), and then no place in code */
	bool is_left;       /* of an old build, and without its like in the new one */
};

struct place_entry;

struct places {
	struct strings strings;
	struct place_entry *table;
	struct place_entry **by_number;
	uint32_t count;
	size_t capacity;
};

void places_init(struct places *places);
void places_release(struct places *places);

/* The number of a place. Its strings need not be interned; `module_path` is not compared. */
uint32_t places_intern(struct places *places, const struct place *place);

/* The number of the place that `number`, a line, belongs to when grouped so, which is
 * before GROUP_STACK. */
uint32_t places_coarsen(struct places *places, uint32_t number, enum group group);

/* Borrowed; stays where it is. */
const struct place *places_get(const struct places *places, uint32_t number);

/* What a module is called in places, and its path. Borrowed. */
const char *places_module_name(const struct module *module);
const char *places_module_path(const struct module *module);

/* "[stack truncated]" or "[unknown caller]"; NULL for a place in code. */
const char *place_marker_text(const struct place *place);

#endif
