/* SPDX-License-Identifier: MIT */
/*
 * What tells the blocks of one call stack apart, in a trace of `heapmark record --split`: their
 * size class, the thread that allocated them. In a trace it stands below the stack as nodes that
 * are no code; a site is of the stack above them (site->node), and remembers where it was
 * (site->leaf).
 */
#ifndef ANALYZER_MODEL_SPLIT_H
#define ANALYZER_MODEL_SPLIT_H

#include <stdbool.h>
#include <stdint.h>

#include "heapmark/format.h"
#include "model/profile.h"

/* What kind of split an offset of no module is, by enum heapmark_split, or by a number that this
 * version does not know; HEAPMARK_SPLIT_NONE: none. */
unsigned split_kind(uint64_t offset);

bool node_is_split(const struct node *node);

/* Code of no module: neither what tells blocks apart, nor a marker. */
bool node_is_made_code(const struct node *node);

/* The call stack above what tells its blocks apart; `node` itself if nothing does. */
uint32_t split_stack(const struct profile *profile, uint32_t node);

/* How many nodes are frames, or stand where some are missing. */
size_t split_frames(const struct profile *profile);

/* What a site's blocks are, as heapmark_split() has it; with value 0 if they are not told apart so.
 */
uint64_t split_of(const struct profile *profile, const struct site *site, enum heapmark_split kind);

/* Whether any blocks are told apart so. */
bool split_is_known(const struct profile *profile, enum heapmark_split kind);

/* The sizes of a size class: from more than `above`, to `most`. False: of no known one. */
bool split_sizes(uint64_t split, uint64_t *above, uint64_t *most);

/* The thread's number, and the kernel's for it. False: of no known one. */
bool split_thread(uint64_t split, uint64_t *number, uint64_t *tid);

/* "17-32 B", "1-2 KiB" (the smaller is not in it), "thread 3 (tid 4711)", or without the latter if
 * it is 0; to be freed. */
char *split_text(uint64_t split);

#endif
