/* SPDX-License-Identifier: MIT */
/* A growable array of bytes. BUFFER_INIT needs no release; running out of memory ends the command.
 */
#ifndef ANALYZER_UTIL_BUFFER_H
#define ANALYZER_UTIL_BUFFER_H

#include <stddef.h>
#include <stdint.h>

struct buffer {
	uint8_t *bytes;
	size_t size;     /* bytes in use */
	size_t capacity; /* bytes there are */
};

#define BUFFER_INIT \
	{ \
		NULL, 0, 0 \
	}

/* Makes room for at least `more` bytes behind `size`; the bytes may move. */
void buffer_reserve(struct buffer *buffer, size_t more);
void buffer_append(struct buffer *buffer, const void *bytes, size_t count);
void buffer_release(struct buffer *buffer); /* leaves it as BUFFER_INIT */

/* Makes room for one more in an array of `count` elements, doubling it; returns where the array now
 * is. `capacity` counts elements. */
void *array_grow(void *array, size_t count, size_t *capacity, size_t element_bytes);

#endif
