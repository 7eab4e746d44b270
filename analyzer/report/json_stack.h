/* SPDX-License-Identifier: MIT */
/*
 * Call stacks as JSON. A report by stack writes the same few thousand frames millions of times, so
 * the text of each address's frames is made once and kept.
 */
#ifndef ANALYZER_REPORT_JSON_STACK_H
#define ANALYZER_REPORT_JSON_STACK_H

#include "report/json_value.h"
#include "report/report.h"

struct frames_text;

struct json_stacks {
	struct frames_text *table;
};

#define JSON_STACKS_INIT \
	{ \
		NULL \
	}

/* Sets the members that every place has: function, file, line, module. */
void json_put_place(json_t *object, const struct place *place);

/* "0x1234" */
json_t *json_address(uint64_t address);

/* Writes the frames of a call stack, innermost first, without the brackets around them. */
void json_stack_write(struct json_stacks *stacks, struct report *report, struct side *side,
		      uint32_t node, struct out *out);

void json_stacks_release(struct json_stacks *stacks);

#endif
