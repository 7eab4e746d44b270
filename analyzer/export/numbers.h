/* SPDX-License-Identifier: MIT */
/* Numbers for things known by their address, in the order in which they are first asked for,
 * from 1. Formats refer by such numbers to what they list once: names, frames. */
#ifndef ANALYZER_EXPORT_NUMBERS_H
#define ANALYZER_EXPORT_NUMBERS_H

#include <stdbool.h>
#include <stdint.h>

struct number_entry;

struct numbers {
	struct number_entry *table;
	uint32_t count;
};

#define NUMBERS_INIT \
	{ \
		NULL, 0 \
	}

/* Sets *is_new if `thing` was not asked for before. */
uint32_t numbers_of(struct numbers *numbers, const void *thing, bool *is_new);
void numbers_release(struct numbers *numbers); /* leaves it as NUMBERS_INIT */

#endif
