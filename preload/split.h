/* SPDX-License-Identifier: MIT */
/*
 * Nodes below a call stack that tell its blocks apart, by size or by thread, if that is asked for.
 * They are in the tree what a further call would be, so that counters, the peak and every snapshot
 * are exact for each; FORMAT.md, 2.3, says how a reader knows them.
 */
#ifndef PRELOAD_SPLIT_H
#define PRELOAD_SPLIT_H

#include <stdbool.h>
#include <stdint.h>

#include "config.h"
#include "heapmark/format.h"
#include "thread.h"

static inline bool split_asked(void)
{
	return config.split != HEAPMARK_SPLIT_NONE;
}

/* What stands for blocks of so many bytes that this thread allocates at the stack of `node`, which
 * may be 0. 0: no memory. Takes no lock but to make a node. */
uint32_t split_node(const struct thread *self, uint32_t node, uint64_t size);

#endif
