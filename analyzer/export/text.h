/* SPDX-License-Identifier: MIT */
/* What formats say in words: names of places, and what a reader must know of the numbers. All of it
 * is printable; the caller frees it. */
#ifndef ANALYZER_EXPORT_TEXT_H
#define ANALYZER_EXPORT_TEXT_H

#include "export/export.h"
#include "report/places.h"

/* "main", "libfoo.so.1+0x1234", "0x7f00", "[unknown caller]". */
char *place_name(const struct place *place);

/* "main (app.c:12)", "inflate (in /usr/lib/libz.so.1)". */
char *place_label(const struct place *place);

/* For what a format cannot hold in a name. */
void text_replace(char *text, char from, char to);

/* Lines: the moment; then, where it is so, that all are estimates, that the trace is cut, and what
 * was not seen. Each ends with a newline. */
char *export_notes(const struct export *export);

/* Writes these lines, each with `prefix` in front. */
void export_write_notes(const struct export *export, struct out *out, const char *prefix);

#endif
