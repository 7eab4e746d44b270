/* SPDX-License-Identifier: MIT */
/* An annotated source, written. */
#ifndef ANALYZER_REPORT_ANNOTATE_WRITE_H
#define ANALYZER_REPORT_ANNOTATE_WRITE_H

#include "report/annotate.h"
#include "util/out.h"

void annotate_write_text(struct annotation *annotation, struct out *out);
void annotate_write_json(struct annotation *annotation, struct out *out);

#endif
