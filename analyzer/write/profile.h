/* SPDX-License-Identifier: MIT */
/* A whole profile to the records of a trace: the counterpart of decode.h. */
#ifndef ANALYZER_WRITE_PROFILE_H
#define ANALYZER_WRITE_PROFILE_H

#include "model/profile.h"
#include "write/records.h"

/* Writes a finished profile that has exactly one snapshot, with the numbers of all its sites.
 * Module ids are their indices. */
void profile_write(struct records *records, const struct profile *profile);

/* Writes only its modules and what it says of their names; it needs no snapshot. A reader takes it
 * for a trace in which nothing has happened yet. */
void profile_write_names(struct records *records, const struct profile *profile);

#endif
