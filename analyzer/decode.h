/* SPDX-License-Identifier: MIT */
/*
 * Records to model: the only part that knows what FORMAT.md says. It believes no byte: every length
 * is checked against the bytes that are left, every id against what has been defined, every sum for
 * overflow. What breaks a rule is damage, and the sentence says which record and where.
 */
#ifndef ANALYZER_DECODE_H
#define ANALYZER_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/profile.h"
#include "util/error.h"

struct module_id;

struct decoder {
	struct profile *profile; /* borrowed; profile->moment says what to choose */
	bool headers_only;       /* read only the headers of snapshots, and the end */
	bool begun;              /* the magic was seen */
	bool has_process;
	bool in_snapshot;             /* a SITES record may come */
	bool is_past;                 /* the window has ended: no more snapshots */
	struct module_id *module_ids; /* id in the file -> index in the profile */
	const char **texts;           /* by number - 1: what TEXTS records said */
	size_t text_count, text_capacity;
	uint64_t stream_offset; /* where the member's bytes begin in the stream */
	const uint8_t *member;  /* its first byte; with `record`, for messages */
	const uint8_t *record;
	unsigned record_type;
};

void decoder_init(struct decoder *decoder, struct profile *profile, bool headers_only);
void decoder_release(struct decoder *decoder);

/* Applies the records of one whole member (or of the whole stream). On damage the profile may be
 * released, but not read. */
int decoder_member(struct decoder *decoder, const uint8_t *bytes, size_t count, struct error *err);

/* After the last member: fills what can only be known then. */
int decoder_end(struct decoder *decoder, struct error *err);

#endif
