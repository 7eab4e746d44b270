/* SPDX-License-Identifier: MIT */
/* Python's pickles, protocol 2, as far as exports need them: each function adds what it names. */
#ifndef ANALYZER_EXPORT_PICKLE_H
#define ANALYZER_EXPORT_PICKLE_H

#include <stdint.h>

#include "util/out.h"

struct pickle {
	struct out *out;
	uint32_t kept; /* how many objects are kept for pickle_again() */
};

/* Operations of the format that need no argument. */
enum pickle_op {
	PICKLE_MARK = '(',
	PICKLE_TUPLE = 't',     /* of what follows the mark */
	PICKLE_TUPLE2 = 0x86,   /* of the last two */
	PICKLE_CALL_WITH = 'R', /* calls what is before the tuple with it */
};

void pickle_begin(struct pickle *pickle, struct out *out);
void pickle_end(struct pickle *pickle); /* the last object is what is loaded */

void pickle_op(struct pickle *pickle, enum pickle_op op);
void pickle_global(struct pickle *pickle, const char *module, const char *name);
void pickle_number(struct pickle *pickle, uint64_t number);
void pickle_text(struct pickle *pickle, const char *text); /* made valid UTF-8 */

/* A list of what is written in between. */
void pickle_begin_list(struct pickle *pickle);
void pickle_end_list(struct pickle *pickle);

/* An object of a class, made without its __init__; in between names and values of its attributes.
 */
void pickle_begin_object(struct pickle *pickle, const char *module, const char *class);
void pickle_end_object(struct pickle *pickle);

/* Calls the function with the `count` arguments behind it, 0 to 3. */
void pickle_call(struct pickle *pickle, unsigned count);

/* Keeps the last object and returns its number, with which it can be had again. */
uint32_t pickle_keep(struct pickle *pickle);
void pickle_again(struct pickle *pickle, uint32_t kept);

#endif
