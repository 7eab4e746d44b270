/* SPDX-License-Identifier: MIT */
/* One tree of a massif file. */
#ifndef ANALYZER_EXPORT_MASSIF_TREE_H
#define ANALYZER_EXPORT_MASSIF_TREE_H

#include "export/callers.h"
#include "export/export.h"
#include "util/out.h"

/* What the stacks had of `value`. */
void massif_write_tree(const struct export *export, const struct callers *callers, enum value value,
		       struct out *out);

#endif
