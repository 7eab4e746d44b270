/* SPDX-License-Identifier: MIT */
/* What a reader of a table must know: what was not seen, and which names are missing. */
#ifndef ANALYZER_REPORT_NOTES_H
#define ANALYZER_REPORT_NOTES_H

#include "report/report.h"
#include "util/out.h"

void notes_write(struct out *out, struct report *report, struct side *side);

#endif
