/* SPDX-License-Identifier: MIT */
/* Which sites are exported, and what they are together. */
#ifndef ANALYZER_EXPORT_SITES_H
#define ANALYZER_EXPORT_SITES_H

#include <stdbool.h>
#include <stdint.h>

#include "export/export.h"

/* Whether nothing was left out, so that what the trace says of the whole process holds. */
bool export_is_whole(const struct export *export);

/* All sites as one row. */
struct row export_sum(const struct export *export);

#endif
