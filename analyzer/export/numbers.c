/* SPDX-License-Identifier: MIT */
/* A table of addresses; see numbers.h. */
#include "export/numbers.h"

#include <stdlib.h>

#include "util/hash.h"

struct number_entry {
	const void *thing;
	uint32_t number;
	UT_hash_handle hh;
};

uint32_t numbers_of(struct numbers *numbers, const void *thing, bool *is_new)
{
	struct number_entry *entry;

	HASH_FIND_PTR(numbers->table, &thing, entry);
	*is_new = !entry;
	if (entry)
		return entry->number;
	entry = xcalloc(1, sizeof(*entry));
	entry->thing = thing;
	entry->number = ++numbers->count;
	HASH_ADD_PTR(numbers->table, thing, entry);
	return entry->number;
}

void numbers_release(struct numbers *numbers)
{
	struct number_entry *entry, *next;

	HASH_ITER (hh, numbers->table, entry, next) {
		HASH_DEL(numbers->table, entry);
		free(entry);
	}
	*numbers = (struct numbers)NUMBERS_INIT;
}
