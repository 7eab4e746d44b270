/* SPDX-License-Identifier: MIT */
/*
 * Messages in Protocol Buffers' wire format, as far as profiles need it. A message is a buffer to
 * which fields are added; one that is a field of another is finished first.
 */
#ifndef ANALYZER_EXPORT_PROTO_H
#define ANALYZER_EXPORT_PROTO_H

#include <stddef.h>
#include <stdint.h>

#include "util/buffer.h"

/* A number, except 0, which is what a missing field means. */
void proto_number(struct buffer *message, uint32_t field, uint64_t value);

/* A string, or a message that is finished. */
void proto_bytes(struct buffer *message, uint32_t field, const void *bytes, size_t count);

/* A message that is finished; empties it for the next. */
void proto_message(struct buffer *message, uint32_t field, struct buffer *inner);

/* One of the numbers of a packed list, which is a message of its own. */
void proto_element(struct buffer *list, uint64_t value);

#endif
