/* SPDX-License-Identifier: MIT */
/* Shared by decode.c and the other decode_*.c, which are one module in several files. */
#ifndef ANALYZER_DECODE_INTERNAL_H
#define ANALYZER_DECODE_INTERNAL_H

#include "decode.h"
#include "heapmark/varint.h"

/* No count, size or time of a real process comes near this; below it, signed arithmetic is safe. */
#define DECODE_VALUE_MAX ((uint64_t)INT64_MAX)

/* Only keeps a hostile file from asking for a table of any size. */
#define DECODE_SNAPSHOTS_MAX (UINT32_C(1) << 24)

/* Sets the error: which file, which record, where, and `what` is wrong with it. Returns -1. */
int decode_damage(const struct decoder *decoder, const char *what, struct error *err);

/* Readers of one record's payload. They may leave `in` bad: the caller of the reader checks. */
int decode_nodes(struct decoder *decoder, struct cursor *in, struct error *err);
int decode_snapshot(struct decoder *decoder, struct cursor *in, struct error *err);
int decode_sites(struct decoder *decoder, struct cursor *in, struct error *err);
int decode_regions(struct decoder *decoder, struct cursor *in, struct error *err);
int decode_sampling(struct decoder *decoder, struct cursor *in, struct error *err);
int decode_estimates(struct decoder *decoder, struct cursor *in, struct error *err);
int decode_merged(struct decoder *decoder, struct cursor *in, struct error *err);
int decode_texts(struct decoder *decoder, struct cursor *in, struct error *err);
int decode_symbolized(struct decoder *decoder, struct cursor *in, struct error *err);
int decode_symbols(struct decoder *decoder, struct cursor *in, struct error *err);
int decode_copy_cut(struct decoder *decoder, struct cursor *in, struct error *err);

/* The snapshot that is being read is whole: checks its sums, and chooses it if it is the moment. */
void decode_close_snapshot(struct decoder *decoder);

/* The index of a module by its id in the file; 0 for id 0; negative if there is none. */
int64_t decode_find_module(const struct decoder *decoder, uint64_t id);

/* A string of the record, interned in the profile. */
const char *decode_text(struct decoder *decoder, struct cursor *in);

#endif
