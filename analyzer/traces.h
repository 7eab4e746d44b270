/* SPDX-License-Identifier: MIT */
/* What a TRACE on a command line stands for: a file, or a directory for the traces in it as one. */
#ifndef ANALYZER_TRACES_H
#define ANALYZER_TRACES_H

#include "model/profile.h"
#include "util/error.h"

/* As load_trace() of load.h; and of a directory, what the trace that `heapmark merge` would make of
 * it holds. */
int traces_load(struct profile *profile, const char *argument, const char *default_when,
		const struct window_names *window, struct error *err);

#endif
