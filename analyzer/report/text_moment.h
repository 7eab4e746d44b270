/* SPDX-License-Identifier: MIT */
/* What the headings of text reports and diffs have in common: when, and by what. */
#ifndef ANALYZER_REPORT_TEXT_MOMENT_H
#define ANALYZER_REPORT_TEXT_MOMENT_H

#include "report/report.h"
#include "util/out.h"

/* "at the peak (2.10 s)", "at snapshot 3 'loaded' (1.00 s)". */
void text_moment(char *text, size_t size, const struct side *side);

/* ", by line", ", cumulative by function; only mmap, pool:x", and an empty line. */
void text_grouping(struct out *out, const struct report *report);

#endif
