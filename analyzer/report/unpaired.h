/* SPDX-License-Identifier: MIT */
/* The call stacks of a diff that may have their like on the other side, under another name. */
#ifndef ANALYZER_REPORT_UNPAIRED_H
#define ANALYZER_REPORT_UNPAIRED_H

#include "model/likeness.h"
#include "report/report.h"

/* A call stack, of however many sites. */
struct unpaired_stack {
	uint32_t path; /* as stacks_path() says */
	uint32_t key;  /* of its row */
	uint32_t node;
	bool row_is_left; /* the other side has no such row */
	uint64_t allocated_bytes;
	struct step *steps; /* in terms of the new build */
	uint32_t count;
};

struct unpaired {
	struct unpaired_stack *items; /* those that allocated most first */
	size_t count, capacity;
};

/* Those of a side that the other has not, line by line, by the side's index. Only where builds are
 * compared. */
struct unpaired unpaired_find(struct report *report, unsigned index);
void unpaired_release(struct unpaired *unpaired);

#endif
