/* SPDX-License-Identifier: MIT */
/* The order of a report's rows: the largest first, and the same order every time. */
#ifndef ANALYZER_REPORT_SORT_H
#define ANALYZER_REPORT_SORT_H

struct report;

/* Sorts the rows of a report, or the changes of a diff. */
void sort_report(struct report *report);

/* For qsort_r(): the order of two struct row of the first side, by --sort. `report` is the context.
 */
int sort_compare_rows(const void *left, const void *right, void *report);

#endif
