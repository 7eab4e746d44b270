/* SPDX-License-Identifier: MIT */
/*
 * Where a command writes its result. Writers need not check anything: the first failure is
 * remembered, what follows is dropped, and out_close() tells it once.
 */
#ifndef ANALYZER_UTIL_OUT_H
#define ANALYZER_UTIL_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "util/error.h"

struct out {
	FILE *file;
	const char *name; /* for the message; borrowed */
	int failure;      /* errno of the first write that failed; 0: none */
	bool owned;       /* the file is closed with us */
};

/* Writes to stdout, which stays open. */
void out_stdout(struct out *out);

/* Writes into memory: *text is the caller's to free after out_close(). For tests. */
void out_memory(struct out *out, char **text, size_t *bytes);

void out_text(struct out *out, const char *text);
void out_bytes(struct out *out, const void *bytes, size_t count);
void out_printf(struct out *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Flushes. Returns 0, or negative if anything could not be written; a reader that went away
 * (`heapmark report | head`) is not an error. */
int out_close(struct out *out, struct error *err);

#endif
