/* SPDX-License-Identifier: MIT */
/* A call tree, written. Everything goes to `out` as it is found. */
#ifndef ANALYZER_REPORT_TREE_WRITE_H
#define ANALYZER_REPORT_TREE_WRITE_H

#include "report/tree.h"
#include "util/out.h"

void tree_write_text(struct tree *tree, struct out *out);
void tree_write_json(struct tree *tree, struct out *out);

#endif
