/* SPDX-License-Identifier: MIT */
/*
 * The payload of each record, as FORMAT.md describes it. Pure: nothing is changed but the writer,
 * and nothing but the C library's own facts is asked for.
 */
#ifndef PRELOAD_ENCODE_H
#define PRELOAD_ENCODE_H

#include "capture/walks.h"
#include "facts.h"
#include "heapmark/varint.h"
#include "modules.h"
#include "picture.h"

/* Bytes that one item can take at most. */
#define ENCODE_NODE_MAX     (3 * HEAPMARK_VARINT_MAX_BYTES)
#define ENCODE_SITE_MAX     (12 * HEAPMARK_VARINT_MAX_BYTES)
#define ENCODE_ESTIMATE_MAX (4 * HEAPMARK_VARINT_MAX_BYTES)
#define ENCODE_POINT_MAX    (4 * HEAPMARK_VARINT_MAX_BYTES)

void encode_process(struct writer *out, const struct facts *of);
void encode_machine(struct writer *out);
void encode_option(struct writer *out, const char *name, const char *value);
void encode_module(struct writer *out, uint32_t id, const struct module *module);
void encode_module_gone(struct writer *out, uint32_t id, const struct module *module);
void encode_domain(struct writer *out, uint32_t id, bool asked, const char *name);
void encode_snapshot(struct writer *out, uint32_t number, const struct picture *snapshot);
void encode_losses(struct writer *out);
void encode_cost(struct writer *out, const struct cost *cost);
void encode_end(struct writer *out, enum heapmark_end how, int status);
void encode_sampling(struct writer *out, uint64_t mean_bytes);
void encode_walks(struct writer *out, const struct walks *walks);
void encode_regions(struct writer *out, const struct regions *regions);

/* These return what the next item of the record is a difference to. */
uint64_t encode_node(struct writer *out, uint32_t id, uint64_t previous);
uint32_t encode_site(struct writer *out, const struct site_values *site, uint32_t previous_node);
uint32_t encode_estimate(struct writer *out, uint32_t node, uint32_t domain, uint64_t live_variance,
			 uint64_t peak_variance, uint32_t previous_node);
void encode_point(struct writer *out, const struct point *point, const struct point *previous);

#endif
