/* SPDX-License-Identifier: MIT */
/*
 * A trace file as a sequence of whole members: reads, inflates, and verifies checksum and length
 * before a member is handed on. Knows gzip; knows nothing of records.
 *
 * A last member that is cut short is not an error: it is left out and `cut` tells. Everything else
 * that is wrong is.
 */
#ifndef ANALYZER_INPUT_H
#define ANALYZER_INPUT_H

#include <stdbool.h>
#include <stdint.h>
#include <zlib.h>

#include "util/buffer.h"
#include "util/error.h"

/* A member may not inflate to more. One member holds what one snapshot adds: this is more than
 * thirty million changed call stacks. Deflate itself cannot exceed 1032 times the file's size. */
#define INPUT_MEMBER_MAX_BYTES (UINT64_C(1) << 30)

struct input {
	const char *path;     /* borrowed; for messages */
	int fd;               /* -1: the file is `image` */
	const uint8_t *image; /* borrowed */
	uint64_t file_bytes;  /* when it was opened; what is added later is not read */
	uint64_t read_bytes;  /* of the file, so far */
	z_stream zlib;
	bool zlib_ready;
	uint8_t *raw;          /* compressed bytes; zlib.next_in and avail_in are what is left */
	struct buffer member;  /* the last member handed on */
	uint64_t member_start; /* where it begins in the file */
	uint64_t member_count; /* whole members so far */
	bool cut;              /* the file ends inside a member, which begins at member_start */
};

#define INPUT_INIT \
	{ \
		.fd = -1 \
	}

/* Opens the file. `path` must outlive the input. */
int input_open(struct input *input, const char *path, struct error *err);

/* Reads from memory what would be in the file `path`; both must outlive the input. */
int input_open_image(struct input *input, const char *path, const uint8_t *image, size_t bytes,
		     struct error *err);

/* Inflates the next whole member into input->member. Returns 1; 0 at the end of the file or where
 * the file is cut; negative on damage. */
int input_next(struct input *input, struct error *err);

/* Starts again at the first member. */
int input_rewind(struct input *input, struct error *err);

void input_release(struct input *input);

#endif
