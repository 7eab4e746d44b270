/* SPDX-License-Identifier: MIT */
/*
 * A file that is written whole or not at all: under another name in the same directory, and renamed
 * when all is well. What is there and no regular file (a device, a pipe) is written as it is.
 */
#ifndef ANALYZER_UTIL_OUT_FILE_H
#define ANALYZER_UTIL_OUT_FILE_H

#include <stdbool.h>

#include "util/error.h"
#include "util/out.h"

struct out_file {
	struct out out;
	char *path;      /* of what is replaced or made */
	char *temporary; /* NULL: written in place */
	bool force;
};

/* A regular file of this name is in the way unless `force`. Returns 0, or negative with a sentence;
 * then there is nothing to close. */
int out_file_open(struct out_file *file, const char *path, bool force, struct error *err);

/* Puts the file in its place. Returns 0, or negative with a sentence, and nothing has changed. */
int out_file_close(struct out_file *file, struct error *err);

#endif
