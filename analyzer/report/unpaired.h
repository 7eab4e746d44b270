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
	uint64_t allocated_bytes;
	struct step *steps; /* in terms of the new build */
	uint32_t count;
};

struct unpaired {
	struct unpaired_stack *items; /* those that allocated most first */
	size_t count, capacity;
};

/* Only where builds are compared. Of the old side the stacks of rows whose key the new side has
 * not; of the new side those that the old one has not, place by place. */
struct unpaired unpaired_old(struct report *report);
struct unpaired unpaired_new(struct report *report);
void unpaired_release(struct unpaired *unpaired);

#endif
