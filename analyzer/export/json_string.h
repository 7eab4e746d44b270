/* SPDX-License-Identifier: MIT */
/* A text as JSON, for documents that are written piece by piece. */
#ifndef ANALYZER_EXPORT_JSON_STRING_H
#define ANALYZER_EXPORT_JSON_STRING_H

#include "util/out.h"

/* With its quotation marks. */
void json_string_write(struct out *out, const char *text);

/* ,"name":"text" */
void json_member_write(struct out *out, const char *name, const char *text);

#endif
