/* SPDX-License-Identifier: MIT */
/* What .eh_frame is made of, read through the bounded cursor: nothing there need be aligned. */
#ifndef PRELOAD_CAPTURE_CFI_CURSOR_H
#define PRELOAD_CAPTURE_CFI_CURSOR_H

#include <string.h>

#include "heapmark/varint.h"

/* How a pointer is encoded: a format, and what it is relative to. */
enum cfi_encoding {
	CFI_FORMAT = 0x0f,
	CFI_ABSOLUTE = 0x00, /* a whole address */
	CFI_ULEB = 0x01,
	CFI_U16 = 0x02,
	CFI_U32 = 0x03,
	CFI_U64 = 0x04,
	CFI_SLEB = 0x09,
	CFI_S16 = 0x0a,
	CFI_S32 = 0x0b,
	CFI_S64 = 0x0c,
	CFI_RELATION = 0xf0,
	CFI_TO_ITSELF = 0x10,
	CFI_TO_HEADER = 0x30, /* of .eh_frame_hdr */
};

static inline void cursor_copy(struct cursor *in, void *value, size_t size)
{
	if (cursor_left(in) < size) {
		cursor_fail(in);
		memset(value, 0, size);
		return;
	}
	memcpy(value, in->at, size);
	in->at += size;
}

#define CURSOR_FIXED(name, type) \
	static inline type cursor_##name(struct cursor *in) \
	{ \
		type value; \
\
		cursor_copy(in, &value, sizeof(value)); \
		return value; \
	}

CURSOR_FIXED(u8, uint8_t)
CURSOR_FIXED(u16, uint16_t)
CURSOR_FIXED(u32, uint32_t)
CURSOR_FIXED(u64, uint64_t)
#undef CURSOR_FIXED

/* A signed LEB128; an unsigned one is cursor_varint(). */
static inline int64_t cursor_sleb(struct cursor *in)
{
	uint64_t value = 0;

	for (unsigned shift = 0; shift < 64 && in->at < in->end; shift += 7) {
		uint8_t byte = *in->at++;

		value |= (uint64_t)(byte & 0x7f) << shift;
		if (byte >= 0x80)
			continue;
		if (byte & 0x40 && shift + 7 < 64)
			value |= ~0ull << (shift + 7);
		return (int64_t)value;
	}
	return (int64_t)cursor_fail(in);
}

static inline uint64_t cursor_format(struct cursor *in, uint8_t encoding)
{
	switch (encoding & CFI_FORMAT) {
	case CFI_ULEB:
		return cursor_varint(in);
	case CFI_U16:
		return cursor_u16(in);
	case CFI_U32:
		return cursor_u32(in);
	case CFI_ABSOLUTE: /* .eh_frame is read on 64-bit machines only */
	case CFI_U64:
	case CFI_S64:
		return cursor_u64(in);
	case CFI_SLEB:
		return (uint64_t)cursor_sleb(in);
	case CFI_S16:
		return (uint64_t)(int16_t)cursor_u16(in);
	case CFI_S32:
		return (uint64_t)(int32_t)cursor_u32(in);
	}
	return cursor_fail(in);
}

/* The address that an encoded pointer means. Relations that no code's address has are refused. */
static inline uint64_t cursor_pointer(struct cursor *in, uint8_t encoding)
{
	uint64_t itself = (uint64_t)in->at;

	switch (encoding & CFI_RELATION) {
	case CFI_ABSOLUTE:
		return cursor_format(in, encoding);
	case CFI_TO_ITSELF:
		return itself + cursor_format(in, encoding);
	}
	return cursor_fail(in);
}

#endif
