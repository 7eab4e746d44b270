/* SPDX-License-Identifier: MIT */
/*
 * What other tools read: the sites of one profile at its moment, with their call stacks, in their
 * formats. formats.def is the table of them; each has a file of its own. They write the stacks as
 * they were recorded, but for heapmark's own frames, and their numbers add up to those of a report.
 */
#ifndef ANALYZER_EXPORT_EXPORT_H
#define ANALYZER_EXPORT_EXPORT_H

#include "export/value.h"
#include "report/report.h"
#include "util/out.h"

struct export
{
	struct report *report; /* built, of one profile */
	struct side *side;     /* that profile's */
	enum value value;      /* for formats that carry one number */
};

enum export_flag {
	EXPORT_BINARY = 1 << 0,    /* not for terminals */
	EXPORT_ONE_VALUE = 1 << 1, /* carries one number of a stack: --metric chooses it */
	EXPORT_ROWS = 1 << 2,      /* rows instead of stacks: --group-by and the like hold */
};

/* Writers cannot fail: `out` remembers the first write that did. */
struct export_format {
	const char *name;
	unsigned flags; /* enum export_flag */
	void (*write)(struct export *export, struct out *out);
};

extern const struct export_format export_formats[];
extern const char *const export_format_names[]; /* in the same order; ends with NULL */

#define FORMAT(name, flags, text) void name##_write(struct export *export, struct out *out);
#include "export/formats.def"
#undef FORMAT

#endif
