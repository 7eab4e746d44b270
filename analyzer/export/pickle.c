/* SPDX-License-Identifier: MIT */
/* The operations with arguments; see pickle.h. */
#include "export/pickle.h"

#include <stdlib.h>
#include <string.h>

#include "util/utf8.h"

/* The first of them are followed by an argument. */
enum {
	OP_PROTOCOL = 0x80, /* 1 byte */
	OP_GLOBAL = 'c',    /* two lines */
	OP_INT32 = 'J',     /* 4 bytes, the lowest first, as all of these */
	OP_LONG = 0x8a,     /* a length of 1 byte, so many bytes of a signed number */
	OP_TEXT = 'X',      /* a length of 4 bytes, so many of UTF-8 */
	OP_KEEP = 'r',      /* 4 bytes */
	OP_AGAIN = 'j',     /* 4 bytes */
	OP_STOP = '.',
	OP_EMPTY_DICT = '}',
	OP_EMPTY_LIST = ']',
	OP_EMPTY_TUPLE = ')',
	OP_TUPLE1 = 0x85,
	OP_TUPLE3 = 0x87,
	OP_APPENDS = 'e',   /* what follows the mark, to the list before it */
	OP_SET_ITEMS = 'u', /* names and values behind the mark, into the dict before it */
	OP_NEW = 0x81,      /* an object of the class before the tuple */
	OP_BUILD = 'b',     /* the dict becomes the state of the object before it */
};

#define PROTOCOL 2

static void write_bytes(struct pickle *pickle, uint64_t number, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		out_bytes(pickle->out, &(uint8_t){(uint8_t)(number >> 8 * i)}, 1);
}

void pickle_begin(struct pickle *pickle, struct out *out)
{
	*pickle = (struct pickle){out, 0};
	write_bytes(pickle, OP_PROTOCOL, 1);
	write_bytes(pickle, PROTOCOL, 1);
}

void pickle_end(struct pickle *pickle)
{
	write_bytes(pickle, OP_STOP, 1);
}

void pickle_op(struct pickle *pickle, enum pickle_op op)
{
	write_bytes(pickle, op, 1);
}

void pickle_global(struct pickle *pickle, const char *module, const char *name)
{
	out_printf(pickle->out, "%c%s\n%s\n", OP_GLOBAL, module, name);
}

void pickle_number(struct pickle *pickle, uint64_t number)
{
	if (number <= INT32_MAX) {
		write_bytes(pickle, OP_INT32, 1);
		write_bytes(pickle, number, 4);
		return;
	}
	write_bytes(pickle, OP_LONG, 1);
	write_bytes(pickle, 9, 1);
	write_bytes(pickle, number, 8);
	write_bytes(pickle, 0, 1); /* the sign */
}

void pickle_text(struct pickle *pickle, const char *text)
{
	char *clean = utf8_clean(text);
	size_t length = strlen(clean);

	if (length > UINT32_MAX)
		length = 0; /* no name is */
	write_bytes(pickle, OP_TEXT, 1);
	write_bytes(pickle, length, 4);
	out_bytes(pickle->out, clean, length);
	free(clean);
}

uint32_t pickle_keep(struct pickle *pickle)
{
	write_bytes(pickle, OP_KEEP, 1);
	write_bytes(pickle, pickle->kept, 4);
	return pickle->kept++;
}

void pickle_again(struct pickle *pickle, uint32_t kept)
{
	write_bytes(pickle, OP_AGAIN, 1);
	write_bytes(pickle, kept, 4);
}

void pickle_begin_list(struct pickle *pickle)
{
	write_bytes(pickle, OP_EMPTY_LIST, 1);
	pickle_op(pickle, PICKLE_MARK);
}

void pickle_end_list(struct pickle *pickle)
{
	write_bytes(pickle, OP_APPENDS, 1);
}

void pickle_begin_object(struct pickle *pickle, const char *module, const char *class)
{
	pickle_global(pickle, module, class);
	write_bytes(pickle, OP_EMPTY_TUPLE, 1);
	write_bytes(pickle, OP_NEW, 1);
	write_bytes(pickle, OP_EMPTY_DICT, 1);
	pickle_op(pickle, PICKLE_MARK);
}

void pickle_end_object(struct pickle *pickle)
{
	write_bytes(pickle, OP_SET_ITEMS, 1);
	write_bytes(pickle, OP_BUILD, 1);
}

void pickle_call(struct pickle *pickle, unsigned count)
{
	static const uint8_t tuples[] = {OP_EMPTY_TUPLE, OP_TUPLE1, PICKLE_TUPLE2, OP_TUPLE3};

	write_bytes(pickle, tuples[count], 1);
	pickle_op(pickle, PICKLE_CALL_WITH);
}
