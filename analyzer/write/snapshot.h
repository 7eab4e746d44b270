/* SPDX-License-Identifier: MIT */
/* The only snapshot of a profile, with all its sites, to records; a part of profile.c. */
#ifndef ANALYZER_WRITE_SNAPSHOT_H
#define ANALYZER_WRITE_SNAPSHOT_H

#include "model/profile.h"
#include "write/records.h"

/* What it writes must stay in one member. */
void snapshot_write(struct records *records, const struct profile *profile);

#endif
