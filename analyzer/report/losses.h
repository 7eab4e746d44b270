/* SPDX-License-Identifier: MIT */
/* What a recording missed, in words; from heapmark/losses.def. */
#ifndef ANALYZER_REPORT_LOSSES_H
#define ANALYZER_REPORT_LOSSES_H

#include "model/profile.h"
#include "util/out.h"

/* The name of a reason in JSON; NULL for one that this version does not know. */
const char *loss_json_name(unsigned reason);

/* A line for each reason that occurred; nothing if none did. */
void losses_write(struct out *out, const struct profile *profile);

#endif
