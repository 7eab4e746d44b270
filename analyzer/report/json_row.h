/* SPDX-License-Identifier: MIT */
/* What the JSON of every command with rows has: its moment, and the numbers of a row. */
#ifndef ANALYZER_REPORT_JSON_ROW_H
#define ANALYZER_REPORT_JSON_ROW_H

#include "report/json_value.h"
#include "report/report.h"

/* kind, index, label and time of the moment, and the bytes and blocks of all that is taken. */
json_t *json_when(const struct side *side);

/* Sets the numbers of a row. */
void json_put_row(json_t *object, const struct side *side, const struct row *row);

#endif
