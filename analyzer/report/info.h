/* SPDX-License-Identifier: MIT */
/* Everything about a recording but its call stacks: what `heapmark info` shows. */
#ifndef ANALYZER_REPORT_INFO_H
#define ANALYZER_REPORT_INFO_H

#include "model/profile.h"
#include "util/out.h"

void info_text(struct out *out, const struct profile *profile);
void info_json(struct out *out, const struct profile *profile);

#endif
