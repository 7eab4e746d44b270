/* SPDX-License-Identifier: MIT */
/* A whole profile to the records of a trace: the counterpart of decode.h. */
#ifndef ANALYZER_WRITE_PROFILE_H
#define ANALYZER_WRITE_PROFILE_H

#include "model/profile.h"
#include "write/records.h"

/* Writes a finished profile that has exactly one snapshot, with the numbers of all its sites.
 * Module ids are their indices. */
void profile_write(struct records *records, const struct profile *profile);

#endif
