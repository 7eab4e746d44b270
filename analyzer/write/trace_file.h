/* SPDX-License-Identifier: MIT */
/*
 * A trace that a command writes. It is made under another name beside its own and renamed when it
 * is whole, so that nobody ever meets half of it and a failed command leaves nothing behind.
 *
 * Writers need not check anything: the first failure is remembered, what follows is dropped, and
 * trace_file_commit() tells it once.
 */
#ifndef ANALYZER_WRITE_TRACE_FILE_H
#define ANALYZER_WRITE_TRACE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buffer.h"
#include "util/error.h"

#define TRACE_FILE_TEMPORARY ".heapmark-" /* how the other name begins */
#define TRACE_FILE_RANDOM    6            /* characters behind it */

struct trace_file {
	const char *path; /* borrowed */
	char *temporary;  /* NULL: there is none */
	bool replace;
	int fd;
	int failure; /* errno of the first write that failed; 0: none */
	uint64_t bytes;
	struct buffer packed; /* room for a compressed member */
	bool in_memory;
	struct buffer held; /* all its bytes, in memory */
};

#define TRACE_FILE_INIT \
	{ \
		.fd = -1 \
	}

/* Begins it, if a file can be made under this name: an existing one is in the way unless `replace`.
 * `path` must outlive the file. Returns 0, or negative with a sentence. */
int trace_file_open(struct trace_file *file, const char *path, bool replace, struct error *err);

/* Begins one that is not a file at all: its bytes are in `held`, and `bytes` stays 0. It is never
 * committed. */
void trace_file_begin_in_memory(struct trace_file *file);

/* Appends the first `count` bytes of the file `from`, as they are. */
void trace_file_copy(struct trace_file *file, int from, uint64_t count);

/* Appends a gzip member that holds these bytes. */
void trace_file_member(struct trace_file *file, const void *bytes, size_t count);

/* Gives the file its name. */
int trace_file_commit(struct trace_file *file, struct error *err);

/* After trace_file_commit(), or instead of it: then nothing is left of the file. Valid on INIT. */
void trace_file_release(struct trace_file *file);

#endif
