/* SPDX-License-Identifier: MIT */
/* The processes of a merged trace, in words. */
#ifndef ANALYZER_REPORT_TEXT_MERGED_H
#define ANALYZER_REPORT_TEXT_MERGED_H

#include "model/profile.h"
#include "util/out.h"

/* "3 exited with status 0, 1 killed by signal 9 (Killed)"; the caller frees it. */
char *text_merged_end(const struct profile *profile);

/* A table, a line for each. */
void text_merged(struct out *out, const struct profile *profile);

#endif
