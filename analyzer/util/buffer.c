/* SPDX-License-Identifier: MIT */
/* Growing arrays; see buffer.h. */
#include "util/buffer.h"

#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

#define FIRST_BYTES 4096

void buffer_reserve(struct buffer *buffer, size_t more)
{
	size_t capacity = buffer->capacity ? buffer->capacity : FIRST_BYTES;

	if (more > SIZE_MAX / 2 - buffer->size)
		die_oom();
	while (capacity < buffer->size + more)
		capacity *= 2;
	if (capacity == buffer->capacity)
		return;
	buffer->bytes = xreallocarray(buffer->bytes, capacity, 1);
	buffer->capacity = capacity;
}

void buffer_append(struct buffer *buffer, const void *bytes, size_t count)
{
	if (!count)
		return;
	buffer_reserve(buffer, count);
	memcpy(buffer->bytes + buffer->size, bytes, count);
	buffer->size += count;
}

void buffer_release(struct buffer *buffer)
{
	free(buffer->bytes);
	*buffer = (struct buffer)BUFFER_INIT;
}

void *array_grow(void *array, size_t count, size_t *capacity, size_t element_bytes)
{
	if (count < *capacity)
		return array;
	*capacity = *capacity ? *capacity * 2 : 16;
	return xreallocarray(array, *capacity, element_bytes);
}
