/* SPDX-License-Identifier: MIT */
/* What was live over time, for formats that draw a curve. */
#ifndef ANALYZER_EXPORT_POINTS_H
#define ANALYZER_EXPORT_POINTS_H

#include <stddef.h>
#include <stdint.h>

#include "export/export.h"

#define POINT_WITHOUT_SITES VALUE_COUNT

struct point {
	uint64_t time_ns, bytes;
	enum value sites; /* what each site had then, or POINT_WITHOUT_SITES */
	size_t order;     /* among points of one time */
};

/* By time; the caller frees them. The peak, the end and the moment are among them, with their
 * sites. The rest is what the trace says of the whole process, a thousand points or so, and there
 * is none of it if less than the whole was asked for. */
struct point *points_of(const struct export *export, size_t *count);

#endif
