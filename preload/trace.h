/* SPDX-License-Identifier: MIT */
/*
 * What has been written to the trace, and what still has to be.
 *
 * Each snapshot's member also brings whatever became known since the last one: modules, domains,
 * nodes. Only a member that is in the file as a whole counts as written. One caller at a time (the
 * snapshot lock).
 */
#ifndef PRELOAD_TRACE_H
#define PRELOAD_TRACE_H

#include <stdbool.h>
#include <stdint.h>

#include "picture.h"

/* Makes the file and writes its head. False: there will be no trace, and why has been said. */
bool trace_open(void);
bool trace_is_open(void);

/* Returns the snapshot's number, or 0 if it could not be written. */
uint32_t trace_write(struct picture *snapshot);
void trace_write_end(enum heapmark_end how, int status, const struct cost *cost);

/* The END just written was premature. */
void trace_take_back_end(void);

/* In a forked child: no file yet, nothing written. */
void trace_child(void);

#endif
