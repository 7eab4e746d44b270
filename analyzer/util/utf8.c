/* SPDX-License-Identifier: MIT */
/* UTF-8 as far as showing names needs it; see utf8.h. */
#include "util/utf8.h"

#include <stdint.h>
#include <string.h>

#include "util/buffer.h"

#define ELLIPSIS         "..."
#define ELLIPSIS_COLUMNS 3

static size_t expected_length(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first >= 0xc2 && first < 0xe0)
		return 2;
	if (first >= 0xe0 && first < 0xf0)
		return 3;
	return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}

/* Longer forms than needed, surrogates, and what lies beyond U+10FFFF show in the second byte. */
static bool second_fits(unsigned char first, unsigned char second)
{
	switch (first) {
	case 0xe0:
		return second >= 0xa0;
	case 0xed:
		return second < 0xa0;
	case 0xf0:
		return second >= 0x90;
	case 0xf4:
		return second < 0x90;
	default:
		return true;
	}
}

size_t utf8_length(const char *text)
{
	const unsigned char *bytes = (const unsigned char *)text;
	size_t length = expected_length(bytes[0]);

	for (size_t i = 1; i < length; i++)
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
	return length > 1 && !second_fits(bytes[0], bytes[1]) ? 0 : length;
}

static bool is_control(const char *text, size_t length)
{
	unsigned char first = (unsigned char)text[0];

	if (length == 2 && first == 0xc2 && (unsigned char)text[1] < 0xa0)
		return true; /* U+0080 to U+009F */
	return first < 0x20 || first == 0x7f;
}

static char *filtered(const char *text, bool controls_too)
{
	struct buffer buffer = BUFFER_INIT;

	while (*text) {
		size_t length = utf8_length(text);

		if (!length)
			buffer_append(&buffer, "\xef\xbf\xbd", 3);
		else if (controls_too && is_control(text, length))
			buffer_append(&buffer, "?", 1);
		else
			buffer_append(&buffer, text, length);
		text += length ? length : 1;
	}
	buffer_append(&buffer, "", 1);
	return (char *)buffer.bytes;
}

char *utf8_clean(const char *text)
{
	return filtered(text, false);
}

char *utf8_printable(const char *text)
{
	return filtered(text, true);
}

size_t utf8_columns(const char *text)
{
	size_t columns = 0;

	for (; *text; text++)
		columns += ((unsigned char)*text & 0xc0) != 0x80;
	return columns;
}

void utf8_cut(char *text, size_t columns, bool keep_end)
{
	size_t have = utf8_columns(text), drop;
	char *at = text;

	if (have <= columns || columns < ELLIPSIS_COLUMNS)
		return;
	drop = keep_end ? have - columns + ELLIPSIS_COLUMNS : columns - ELLIPSIS_COLUMNS;
	for (; drop; drop--)
		at += utf8_length(at);
	if (keep_end) {
		memmove(text + ELLIPSIS_COLUMNS, at, strlen(at) + 1);
		memcpy(text, ELLIPSIS, ELLIPSIS_COLUMNS);
	} else {
		strcpy(at, ELLIPSIS);
	}
}
