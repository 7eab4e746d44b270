/* SPDX-License-Identifier: MIT */
/*
 * Records into gzip members, and members into the trace file.
 *
 * A member is the unit that survives: if any of it cannot be written, the file is cut back to the
 * end of the member before, so that it stays a whole trace of what came before. One caller at a
 * time (the snapshot lock).
 */
#ifndef PRELOAD_SINK_H
#define PRELOAD_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heapmark/format.h"
#include "output.h"

/* Starts on an open file. False: no memory. */
bool sink_start(const struct output *output);

/* A member: begin, any number of records, commit. Commit returns whether the member is in the file
 * as a whole. `expected` is about how many bytes there will be: many are compressed faster, and a
 * little less. */
void sink_begin(size_t expected);
void sink_record(enum heapmark_record type, const uint8_t *payload, size_t bytes);
void sink_bytes(const void *bytes, size_t count); /* the magic, before the first record */
bool sink_commit(void);

/* The member cannot be completed any more: what is still to come need not be made. */
bool sink_has_failed(void);

/* Takes the last member back: the file ends where it ended before it. */
void sink_take_back(void);

void sink_close(void);

#endif
