/* SPDX-License-Identifier: MIT */
/* Fields, each with its tag; see proto.h. */
#include "export/proto.h"

#include "heapmark/varint.h"

/* How a field's value is written, in the low bits of its tag. */
#define TAG_BITS   3
#define TAG_VARINT 0
#define TAG_BYTES  2

/* They are the trace's own varints. */
void proto_element(struct buffer *list, uint64_t value)
{
	struct writer writer;

	buffer_reserve(list, HEAPMARK_VARINT_MAX_BYTES);
	writer = (struct writer){list->bytes + list->size, list->bytes + list->capacity, false};
	writer_varint(&writer, value);
	list->size = (size_t)(writer.at - list->bytes);
}

void proto_number(struct buffer *message, uint32_t field, uint64_t value)
{
	if (!value)
		return;
	proto_element(message, field << TAG_BITS | TAG_VARINT);
	proto_element(message, value);
}

void proto_bytes(struct buffer *message, uint32_t field, const void *bytes, size_t count)
{
	proto_element(message, field << TAG_BITS | TAG_BYTES);
	proto_element(message, count);
	buffer_append(message, bytes, count);
}

void proto_message(struct buffer *message, uint32_t field, struct buffer *inner)
{
	proto_bytes(message, field, inner->bytes, inner->size);
	inner->size = 0;
}
