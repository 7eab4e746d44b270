/* SPDX-License-Identifier: MIT */
/* Writes a gzip file piece by piece. */
#ifndef ANALYZER_EXPORT_GZIP_H
#define ANALYZER_EXPORT_GZIP_H

#include <stddef.h>
#include <zlib.h>

#include "util/out.h"

struct gzip {
	z_stream stream;
	struct out *out;
};

void gzip_begin(struct gzip *gzip, struct out *out);
void gzip_write(struct gzip *gzip, const void *bytes, size_t count);
void gzip_end(struct gzip *gzip);

#endif
