/* SPDX-License-Identifier: MIT */
/* Files of traces as one profile: reads each twice, as model/merge.h asks for. */
#ifndef ANALYZER_MERGE_TRACES_H
#define ANALYZER_MERGE_TRACES_H

#include <stdio.h>

#include "model/merge.h"
#include "util/error.h"

/* Whether it is one, and so stands for the traces (*.hmk) in it. */
bool is_directory(const char *path);

/* Merges the traces, or those in directories, into an initialized merge, which the caller releases
 * in any case. What load_warn() would say of each is written to `warnings` (NULL: nowhere). A trace
 * in a directory that holds nothing yet is left out, which is written to `left_out`, in sentences
 * for stderr. A file that was named, or is no trace, is merged or is an error. Returns 0, or
 * negative with a sentence. */
int merge_traces(struct merge *merge, char *const *operands, size_t count, FILE *warnings,
		 FILE *left_out, struct error *err);

#endif
