/* SPDX-License-Identifier: MIT */
/* Which names somebody may have meant who wrote another. */
#ifndef ANALYZER_REPORT_NEAR_H
#define ANALYZER_REPORT_NEAR_H

#include <stddef.h>

#define NEAR_MOST 5

/* The nearest so far, the best first. All borrowed. */
struct near {
	const char *wanted;
	const char *names[NEAR_MOST];
	size_t distances[NEAR_MOST];
	size_t count;
};

#define NEAR_INIT(text) \
	{ \
		.wanted = (text) \
	}

/* Considers a function's name or a path, of which the last part counts. Equal names should be equal
 * pointers: each is named once. */
void near_consider(struct near *near, const char *name);

#endif
