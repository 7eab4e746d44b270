/* SPDX-License-Identifier: MIT */
/*
 * What has been written to the trace, and what still has to be.
 *
 * Each snapshot's member also brings whatever became known since the last one: modules, domains,
 * nodes. It is written in bounded steps, by different threads if need be. Only a member that is in
 * the file as a whole counts as written. One caller at a time (the snapshot lock).
 */
#ifndef PRELOAD_TRACE_H
#define PRELOAD_TRACE_H

#include <stdbool.h>
#include <stdint.h>

#include "picture.h"

/* Makes the file and writes its head. False: there will be no trace, and why has been said. */
bool trace_open(void);
bool trace_is_open(void);

/* Begins the member of a snapshot, which must stay as it is until there is no step left. False:
 * there is no trace, or no memory. */
bool trace_begin(struct picture *snapshot);

/* Writes one record or the like. False: that was the last. */
bool trace_step(void);

/* Then: the snapshot's number, or 0 if it could not be written. */
uint32_t trace_result(void);

/* Not while a snapshot's member is under way. */
void trace_write_end(enum heapmark_end how, int status, const struct cost *cost,
		     struct walks walks);

/* The END just written was premature. */
void trace_take_back_end(void);

/* In a forked child: no file yet, nothing written, and nothing under way. */
void trace_child(void);

#endif
