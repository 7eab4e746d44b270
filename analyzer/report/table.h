/* SPDX-License-Identifier: MIT */
/* The last column of the text tables: the place, with its call stack where that is the row. */
#ifndef ANALYZER_REPORT_TABLE_H
#define ANALYZER_REPORT_TABLE_H

#include "report/report.h"
#include "util/out.h"
#include "util/terminal.h"

struct table {
	struct out *out;
	struct terminal terminal;
	int place_column;  /* where the place begins */
	const char *aside; /* what is said behind the row's place; NULL: nothing */
};

/* Ends the line. `key` and `node` are the row's. */
void table_place(const struct table *table, struct report *report, struct side *side, uint32_t key,
		 uint32_t node);

#endif
