/* SPDX-License-Identifier: MIT */
/*
 * Records to members of a trace; the counterpart of decode.h. What a record holds is FORMAT.md's
 *and the caller's business; here is how it is framed, and when a member is full.
 *
 *	record_begin(&records, HEAPMARK_REC_OPTION);
 *	record_text(&records, "sample");
 *	record_text(&records, "512K");
 *	record_end(&records);
 */
#ifndef ANALYZER_WRITE_RECORDS_H
#define ANALYZER_WRITE_RECORDS_H

#include <stddef.h>
#include <stdint.h>

#include "util/buffer.h"
#include "write/trace_file.h"

struct records {
	struct trace_file *file; /* borrowed */
	struct buffer member;    /* whole records that are not yet in the file */
	struct buffer payload;   /* of the record that is being made */
	unsigned type;
};

void records_init(struct records *records, struct trace_file *file);
void records_release(struct records *records);

/* The first thing in a file: what makes it a trace. */
void records_begin_stream(struct records *records);

void record_begin(struct records *records, unsigned type);
void record_number(struct records *records, uint64_t number);
void record_signed(struct records *records, int64_t number);
void record_bytes(struct records *records, const void *bytes, size_t count); /* a string */
void record_text(struct records *records, const char *text);
void record_end(struct records *records);

/* The end of a member, if there is anything in it. */
void records_flush(struct records *records);

/* The same, if so much has come together that a reader would need much memory for the member. Only
 * where the next records may stand in another member. */
void records_flush_if_large(struct records *records);

#endif
