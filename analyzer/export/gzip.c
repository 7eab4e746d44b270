/* SPDX-License-Identifier: MIT */
/* zlib in front of an output; see gzip.h. */
#include "export/gzip.h"

#include <limits.h>

#include "util/memory.h"

#define GZIP_WINDOW (15 + 16) /* zlib's largest window, and a gzip header */
#define MEMORY      8         /* zlib's default */

void gzip_begin(struct gzip *gzip, struct out *out)
{
	*gzip = (struct gzip){.out = out};
	if (deflateInit2(&gzip->stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, MEMORY,
			 Z_DEFAULT_STRATEGY) != Z_OK)
		die_oom();
}

/* Until zlib needs no more room. */
static void drain(struct gzip *gzip, int flush)
{
	unsigned char bytes[16384];

	do {
		gzip->stream.next_out = bytes;
		gzip->stream.avail_out = sizeof(bytes);
		deflate(&gzip->stream, flush);
		out_bytes(gzip->out, bytes, sizeof(bytes) - gzip->stream.avail_out);
	} while (!gzip->stream.avail_out);
}

void gzip_write(struct gzip *gzip, const void *bytes, size_t count)
{
	const unsigned char *at = bytes;

	while (count) {
		uInt part = count < INT_MAX ? (uInt)count : INT_MAX;

		gzip->stream.next_in = (unsigned char *)at;
		gzip->stream.avail_in = part;
		drain(gzip, Z_NO_FLUSH);
		at += part;
		count -= part;
	}
}

void gzip_end(struct gzip *gzip)
{
	drain(gzip, Z_FINISH);
	deflateEnd(&gzip->stream);
}
