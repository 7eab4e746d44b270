/* SPDX-License-Identifier: MIT */
/* Where heapmark's preloaded library is. */
#ifndef ANALYZER_TARGET_LIBRARY_H
#define ANALYZER_TARGET_LIBRARY_H

#include "util/error.h"

/* The path of libheapmark.so, to be freed: that of HEAPMARK_LIBRARY if set, else the one that
 * belongs to this executable, in the build tree or installed. NULL with a sentence if there is none
 * or its path cannot be preloaded. */
char *library_find(struct error *err);

#endif
