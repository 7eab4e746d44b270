/* SPDX-License-Identifier: MIT */
/* What this machine knows of all the addresses of a profile, for a symbolized copy of its trace. */
#ifndef ANALYZER_SYMBOL_GATHER_H
#define ANALYZER_SYMBOL_GATHER_H

#include "model/profile.h"
#include "symbol/perf_map.h"
#include "symbol/symbol.h"

struct gathered {
	/* The modules of which more is known here than the trace itself says. One that has a
	 * build-id and of which nothing is known is left out: another machine may know it. One
	 * without a build-id is not, as a file of its name may be another one there. */
	struct symbols symbols;
	struct text_list nameless; /* why nothing is known of a module, a sentence for each */
};

/* Looks up all, in `made` (which may be NULL) what no module holds. The strings are theirs. */
void gather(struct gathered *found, const struct profile *profile, struct symbolizer *symbolizer,
	    const struct perf_map *made);
void gathered_release(struct gathered *found); /* fine on zeros */

#endif
