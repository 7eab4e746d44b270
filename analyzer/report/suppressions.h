/* SPDX-License-Identifier: MIT */
/*
 * Call stacks that someone has looked at and does not want to see again, in the syntax of
 * LeakSanitizer's suppression files: lines `leak:TEMPLATE`, comments with #. A template matches a
 * function, a source file or a module of any frame if it is found in it; * stands for any
 * characters, ^ in front for the beginning, $ behind for the end.
 */
#ifndef ANALYZER_REPORT_SUPPRESSIONS_H
#define ANALYZER_REPORT_SUPPRESSIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "report/places.h"
#include "util/error.h"
#include "util/strings.h"

struct suppression {
	const char *template; /* as in the file */
	const char *pattern;  /* the same for glob_match() */
	bool used;
};

struct suppressions {
	struct strings strings;
	struct suppression *rules;
	uint32_t count;
	size_t capacity;
};

#define SUPPRESSIONS_INIT \
	{ \
		STRINGS_INIT, NULL, 0, 0 \
	}

/* Adds the rules of a file. Negative if it cannot be read, or a line of it is no rule. */
int suppressions_read(struct suppressions *suppressions, const char *path, struct error *err);

/* The number of the first rule that matches the place, from 1; 0: none does. */
uint32_t suppressions_match(const struct suppressions *suppressions, const struct place *place);

void suppressions_release(struct suppressions *suppressions); /* leaves it as SUPPRESSIONS_INIT */

#endif
