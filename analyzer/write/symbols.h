/* SPDX-License-Identifier: MIT */
/* Names and lines to records: what makes a trace a symbolized one. */
#ifndef ANALYZER_WRITE_SYMBOLS_H
#define ANALYZER_WRITE_SYMBOLS_H

#include "model/profile.h"
#include "write/records.h"

/* Writes all that `symbols` says of the profile's modules. */
void symbols_write(struct records *records, const struct profile *profile,
		   const struct symbols *symbols);

#endif
