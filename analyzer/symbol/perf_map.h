/* SPDX-License-Identifier: MIT */
/*
 * Names of code that a process made at run time and that no file holds: the map that many compilers
 * at run time write on request (node --perf-basic-prof, java with perf-map-agent, python3.12 -X
 * perf). Lines "START SIZE NAME", in hexadecimal; where lines overlap, the later one holds, as code
 * moves.
 */
#ifndef ANALYZER_SYMBOL_PERF_MAP_H
#define ANALYZER_SYMBOL_PERF_MAP_H

#include "model/profile.h"
#include "util/error.h"

struct perf_map;

/* Reads the map `path` of the profile's process. Negative if it is not that, or older than the
 * process is, with a sentence; then *map is NULL. */
int perf_map_read(struct perf_map **map, const struct profile *profile, const char *path,
		  struct error *err);

/* Looks for it where it is usually written, /tmp/perf-PID.map, and in the process's working
 * directory. NULL if there is none; what is there but is not used is told on stderr, in a sentence.
 */
struct perf_map *perf_map_seek(const struct profile *profile);

/* The name of the code at an address, or NULL; it belongs to the map. NULL has no names. */
const char *perf_map_find(const struct perf_map *map, uint64_t address);

void perf_map_free(struct perf_map *map); /* NULL is fine */

#endif
