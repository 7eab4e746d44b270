/* SPDX-License-Identifier: MIT */
/*
 * Where the traces of a recording go: checked before the program starts, and searched for what was
 * written when it has ended.
 */
#ifndef ANALYZER_RECORD_DESTINATION_H
#define ANALYZER_RECORD_DESTINATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/error.h"

/* Makes sure that a trace can be made under this name (a template with %p, %e and %h). An existing
 * file is in the way, or removed with `force`. Returns 0, or negative with a sentence. */
int destination_check(const char *template, bool force, struct error *err);

/* A trace that one process of the recording wrote. */
struct written {
	char *path;
	char *executable; /* of the process; "" if unknown */
	bool is_damaged;  /* nothing below is known */
	bool is_complete;
	bool is_sampled;
	uint64_t peak_bytes, allocations;
};

struct written_list {
	struct written *items;
	size_t count, capacity;
};

/* The traces of the recording `session`, begun no earlier than `since` (as time() gives it), the
 * largest peak first. */
void destination_list(const char *template, uint64_t session, int64_t since,
		      struct written_list *list);
void written_list_release(struct written_list *list);

#endif
