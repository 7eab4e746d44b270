/* SPDX-License-Identifier: MIT */
/*
 * Variable-length integers and the bounded cursors that read and write them.
 *
 * Both halves of heapmark use these and nothing else to touch bytes of a trace. Neither cursor ever
 * steps outside its buffer: trouble sets `bad`, which is sticky, so a caller checks once per record
 * and not once per field.
 */
#ifndef HEAPMARK_VARINT_H
#define HEAPMARK_VARINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HEAPMARK_VARINT_MAX_BYTES 10

/* Reads: `at` moves towards `end`. A borrowed view; the bytes belong to somebody else. */
struct cursor {
	const uint8_t *at, *end;
	bool bad;
};

/* Writes: `at` moves towards `end`. */
struct writer {
	uint8_t *at, *end;
	bool bad;
};

/* A sign in the lowest bit, so that small negative numbers stay short. */
static inline uint64_t zigzag_encode(int64_t value)
{
	return ((uint64_t)value << 1) ^ (uint64_t)(value >> 63);
}

static inline int64_t zigzag_decode(uint64_t value)
{
	return (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
}

static inline size_t cursor_left(const struct cursor *in)
{
	return (size_t)(in->end - in->at);
}

static inline uint64_t cursor_fail(struct cursor *in)
{
	in->bad = true;
	in->at = in->end;
	return 0;
}

static inline uint64_t cursor_varint(struct cursor *in)
{
	uint64_t value = 0;

	for (unsigned shift = 0; shift < 64 && in->at < in->end; shift += 7) {
		uint8_t byte = *in->at++;

		if (shift == 63 && byte > 1)
			break; /* would not fit in 64 bits */
		value |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return value;
	}
	return cursor_fail(in);
}

static inline int64_t cursor_signed(struct cursor *in)
{
	return zigzag_decode(cursor_varint(in));
}

/* The next `size` bytes as a cursor of their own; empty and bad when there are not that many. */
static inline struct cursor cursor_take(struct cursor *in, uint64_t size)
{
	struct cursor part = {in->at, in->at, false};

	if (in->bad || size > cursor_left(in)) {
		cursor_fail(in);
		part.bad = true;
		return part;
	}
	in->at += size;
	part.end = in->at;
	return part;
}

/* A length-prefixed byte string, as a view. */
static inline struct cursor cursor_string(struct cursor *in)
{
	uint64_t size = cursor_varint(in);

	return cursor_take(in, size);
}

static inline void writer_varint(struct writer *out, uint64_t value)
{
	while (out->at < out->end) {
		if (value < 0x80) {
			*out->at++ = (uint8_t)value;
			return;
		}
		*out->at++ = (uint8_t)(value | 0x80);
		value >>= 7;
	}
	out->bad = true;
}

static inline void writer_signed(struct writer *out, int64_t value)
{
	writer_varint(out, zigzag_encode(value));
}

static inline void writer_bytes(struct writer *out, const void *bytes, size_t size)
{
	const uint8_t *from = bytes;

	if (size > (size_t)(out->end - out->at)) {
		out->bad = true;
		return;
	}
	for (size_t i = 0; i < size; i++)
		out->at[i] = from[i];
	out->at += size;
}

static inline void writer_string(struct writer *out, const void *bytes, size_t size)
{
	writer_varint(out, size);
	writer_bytes(out, bytes, size);
}

#endif
