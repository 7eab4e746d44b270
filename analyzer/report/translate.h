/* SPDX-License-Identifier: MIT */
/* How an old build's places are found again in a new one: modules, then functions, then lines. */
#ifndef ANALYZER_REPORT_TRANSLATE_H
#define ANALYZER_REPORT_TRANSLATE_H

#include "report/report.h"

/* Fills report->translation, from report->builds and the call stacks of both sides. */
void translate(struct report *report);

/* For each caller of `old` the index of one of `new` plus 1, or 0, in an array that the caller
 * frees; and what each of these pairs is. Only those of modules that have been rebuilt. */
uint32_t *pair_functions(struct report *report, const struct calls *old, const struct calls *new,
			 uint8_t **pairings);

#endif
