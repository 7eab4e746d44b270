/* SPDX-License-Identifier: MIT */
/* The text of a source file, wherever it is on this machine. Its bytes may be anything. */
#ifndef ANALYZER_REPORT_SOURCE_H
#define ANALYZER_REPORT_SOURCE_H

#include <stdint.h>

#include "util/buffer.h"
#include "util/options.h"

struct source {
	char *path; /* where it was found; NULL: nowhere */
	struct buffer bytes;
	size_t *starts; /* of the lines, and the end of the last */
	uint32_t line_count;
	uint64_t modified_ns; /* since 1970 */
};

/* Looks for `file`, a path as debug information has it: first below each directory, by its longest
 * tail that is there, then where it says. Files that are not regular, cannot be read, or are larger
 * than any source (1 GiB) are passed over. */
void source_open(struct source *source, const char *file, const struct option_list *directories);
void source_release(struct source *source);

/* A line, from 1 to line_count, without its end. Printable text in at most `columns` columns (0: no
 * limit), tabs expanded. The caller frees it. */
char *source_text(const struct source *source, uint32_t line, int columns);

/* The same as it is in the file, but for NUL bytes, which become '?'. */
char *source_raw(const struct source *source, uint32_t line);

/* When a file was last modified; 0 if there is none. */
uint64_t source_modified_ns(const char *path);

#endif
