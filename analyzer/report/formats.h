/* SPDX-License-Identifier: MIT */
/* The formats of reports and diffs: one table. To add one, write its two functions and a row. */
#ifndef ANALYZER_REPORT_FORMATS_H
#define ANALYZER_REPORT_FORMATS_H

#include "report/report.h"
#include "util/out.h"

/* Writers cannot fail: `out` remembers the first write that did. They get the report not const only
 * because names of frames are looked up when they are first needed. */
struct report_format {
	const char *name;
	void (*write_report)(struct report *report, struct out *out);
	void (*write_diff)(struct report *report, struct out *out);
};

/* By name; NULL if there is none. */
const struct report_format *format_find(const char *name);

void json_write_report(struct report *report, struct out *out);
void json_write_diff(struct report *report, struct out *out);
void text_write_report(struct report *report, struct out *out);
void text_write_diff(struct report *report, struct out *out);

/* How many of `count` rows the options want to see; `default_top` unless they say. */
size_t format_shown(const struct report *report, size_t count, uint64_t default_top);

#endif
