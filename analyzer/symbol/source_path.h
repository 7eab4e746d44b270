/* SPDX-License-Identifier: MIT */
/* Paths of source files, as debug information has them and as people want to read them. */
#ifndef ANALYZER_SYMBOL_SOURCE_PATH_H
#define ANALYZER_SYMBOL_SOURCE_PATH_H

/* `path`, made absolute with `directory` if it is relative (and `directory` is not NULL), without
 * "//", "." and "..". Text only: the file need not exist here. To be freed. */
char *source_path(const char *directory, const char *path);

#endif
