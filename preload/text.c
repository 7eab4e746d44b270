/* SPDX-License-Identifier: MIT */
/* Bounded text building; see text.h. */
#include "text.h"

#include <string.h>

void text_init(struct text *text, char *buffer, size_t room)
{
	*text = (struct text){buffer, 0, room, false};
	buffer[0] = '\0';
}

void text_add_bytes(struct text *text, const char *bytes, size_t count)
{
	size_t left = text->room - 1 - text->used;

	if (count > left) {
		text->full = true;
		count = left;
	}
	memcpy(text->start + text->used, bytes, count);
	text->used += count;
	text->start[text->used] = '\0';
}

void text_add(struct text *text, const char *string)
{
	text_add_bytes(text, string, strlen(string));
}

static void add_in_base(struct text *text, uint64_t number, unsigned base)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = "0123456789abcdef"[number % base];
		number /= base;
	} while (number);
	text_add_bytes(text, digits + at, sizeof(digits) - at);
}

void text_add_number(struct text *text, uint64_t number)
{
	add_in_base(text, number, 10);
}

void text_add_hex(struct text *text, uint64_t number)
{
	add_in_base(text, number, 16);
}

const char *text_basename(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

bool text_equal(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

bool text_number(const char *string, uint64_t *number, const char **rest)
{
	uint64_t value = 0;
	const char *at = string;

	for (; *at >= '0' && *at <= '9'; at++)
		if (__builtin_mul_overflow(value, 10u, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(*at - '0'), &value))
			return false;
	*number = value;
	*rest = at;
	return at != string;
}
