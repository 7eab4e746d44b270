/* SPDX-License-Identifier: MIT */
/* A place as a line of text: "parse_rows  src/parse.c:120", "inflate (libz.so.1)",
 * "libfoo.so+0x1234", "[unknown caller]". */
#ifndef ANALYZER_REPORT_PLACE_TEXT_H
#define ANALYZER_REPORT_PLACE_TEXT_H

#include "report/places.h"

/* Printable text in at most `columns` columns (0: no limit); the caller frees it. Paths below
 * `directory` are shown without it, others by their last parts; the function gives way first. */
char *place_text(const struct place *place, const char *directory, int columns);

#endif
