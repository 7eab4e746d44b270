/* SPDX-License-Identifier: MIT */
/*
 * Text without stdio or locale: a bounded buffer that strings and numbers are added to.
 *
 * What does not fit is dropped and `full` is set; the text is always terminated.
 */
#ifndef PRELOAD_TEXT_H
#define PRELOAD_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
	char *start;
	size_t used, room; /* bytes without and with the terminator */
	bool full;
};

/* Begins an empty text in the caller's buffer of `room` > 0 bytes. */
void text_init(struct text *text, char *buffer, size_t room);
void text_add(struct text *text, const char *string);
void text_add_bytes(struct text *text, const char *bytes, size_t count);
void text_add_number(struct text *text, uint64_t number);
void text_add_hex(struct text *text, uint64_t number);

/* The part of a path after its last '/'. */
const char *text_basename(const char *path);
bool text_equal(const char *a, const char *b);

/* Reads a whole number. Stops at the first other character, which `rest` gets; false if there is
 * no digit or it does not fit. */
bool text_number(const char *string, uint64_t *number, const char **rest);

#endif
