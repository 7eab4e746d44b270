/* SPDX-License-Identifier: MIT */
/* How rows of two builds were paired, in words. */
#ifndef ANALYZER_REPORT_TEXT_PAIRING_H
#define ANALYZER_REPORT_TEXT_PAIRING_H

#include "report/report.h"
#include "util/out.h"

/* "was line 20", "was f  a.c:20", "like f  a.c:20"; NULL of a row that is as it was, or is on one
 * side only. The caller frees it. */
char *text_old_place(struct report *report, const struct change *change);

/* Below the table: how much was paired in which way. Nothing unless two builds are compared. */
void text_pairing(const struct report *report, struct out *out);

#endif
