/* SPDX-License-Identifier: MIT */
/* Framing of records; see records.h. */
#include "write/records.h"

#include <string.h>

#include "heapmark/format.h"
#include "heapmark/varint.h"

#define LARGE_BYTES ((size_t)4 * 1024 * 1024)

static void put_number(struct buffer *to, uint64_t number)
{
	struct writer out;

	buffer_reserve(to, HEAPMARK_VARINT_MAX_BYTES);
	out = (struct writer){to->bytes + to->size, to->bytes + to->capacity, false};
	writer_varint(&out, number);
	to->size = (size_t)(out.at - to->bytes);
}

void records_init(struct records *records, struct trace_file *file)
{
	*records = (struct records){.file = file};
}

void records_release(struct records *records)
{
	buffer_release(&records->member);
	buffer_release(&records->payload);
}

void records_begin_stream(struct records *records)
{
	static const uint8_t version[] = {HEAPMARK_MAJOR, HEAPMARK_MINOR};

	buffer_append(&records->member, HEAPMARK_MAGIC, HEAPMARK_MAGIC_BYTES);
	buffer_append(&records->member, version, sizeof(version));
}

void record_begin(struct records *records, unsigned type)
{
	records->type = type;
	records->payload.size = 0;
}

void record_number(struct records *records, uint64_t number)
{
	put_number(&records->payload, number);
}

void record_signed(struct records *records, int64_t number)
{
	put_number(&records->payload, zigzag_encode(number));
}

void record_bytes(struct records *records, const void *bytes, size_t count)
{
	put_number(&records->payload, count);
	if (count)
		buffer_append(&records->payload, bytes, count);
}

void record_text(struct records *records, const char *text)
{
	record_bytes(records, text, strlen(text));
}

void record_end(struct records *records)
{
	put_number(&records->member, records->type);
	put_number(&records->member, records->payload.size);
	if (records->payload.size)
		buffer_append(&records->member, records->payload.bytes, records->payload.size);
}

void records_flush(struct records *records)
{
	if (records->member.size)
		trace_file_member(records->file, records->member.bytes, records->member.size);
	records->member.size = 0;
}

void records_flush_if_large(struct records *records)
{
	if (records->member.size >= LARGE_BYTES)
		records_flush(records);
}
