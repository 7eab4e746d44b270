/* SPDX-License-Identifier: MIT */
/* The table of a diff, as text. */
#ifndef ANALYZER_REPORT_TEXT_CHANGES_H
#define ANALYZER_REPORT_TEXT_CHANGES_H

#include "report/report.h"
#include "util/out.h"

/* Writes the rows that changed in what is shown or sorted by; says what it leaves out. */
void text_changes(struct report *report, struct out *out);

#endif
