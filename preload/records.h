/* SPDX-License-Identifier: MIT */
/*
 * Whole records into the member that is under way, from the tables or from a picture. What belongs
 * into a member, and when, is trace.c's business. One caller at a time (the snapshot lock).
 *
 * Lists go into several records. A function that writes one of them returns where the next one goes
 * on, so that its work is bounded.
 */
#ifndef PRELOAD_RECORDS_H
#define PRELOAD_RECORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "encode.h"

#define RECORDS_BYTES     (32u << 10) /* a payload is not larger */
#define RECORDS_NODES     (RECORDS_BYTES / ENCODE_NODE_MAX - 2)
#define RECORDS_SITES     (RECORDS_BYTES / ENCODE_SITE_MAX - 2)
#define RECORDS_ESTIMATES (RECORDS_BYTES / ENCODE_ESTIMATE_MAX - 2)
#define RECORDS_POINTS    (RECORDS_BYTES / ENCODE_POINT_MAX - 2)

/* False: no memory. */
bool records_start(void);

/* The magic, and what the process is. */
void records_head(void);

/* Modules and domains, from one id to another. */
void records_modules(uint32_t from, uint32_t to);
void records_domains(uint32_t from, uint32_t to);

/* Of the modules up to `last`, those that the rounds after `known` up to `round` missed. */
void records_modules_gone(uint32_t last, uint32_t known, uint32_t round);

/* One record each, that begins with the item `from`. Nodes are to have their modules. */
uint32_t records_nodes(uint32_t from, uint32_t to);
uint32_t records_sites(const struct picture *snapshot, uint32_t from);     /* ordered by order.h */
uint32_t records_estimates(const struct picture *snapshot, uint32_t from); /* the same sites */
uint32_t records_points(const struct picture *snapshot, uint32_t from);

void records_snapshot(uint32_t number, const struct picture *snapshot); /* regions, too */
void records_rest(const struct cost *cost, const struct walks *walks);  /* losses, too */
void records_end(enum heapmark_end how, int status);

#endif
