/* SPDX-License-Identifier: MIT */
/* The domains that memory is counted under: three fixed ones and the program's pools. */
#ifndef PRELOAD_DOMAINS_H
#define PRELOAD_DOMAINS_H

#include <stdbool.h>
#include <stdint.h>

#include "heapmark/format.h"

#define DOMAINS_MAX       256
#define DOMAIN_NAME_BYTES 64

/* Whether totals cover the domain: see DOMAIN in FORMAT.md. */
static inline bool domain_is_asked(uint32_t domain)
{
	return domain != HEAPMARK_DOMAIN_MMAP && domain != HEAPMARK_DOMAIN_ARENA;
}

/* The domain of a pool, made at its first use; the last one, "other", when there are too many.
 * Needs the tables lock. */
uint32_t domain_of_pool(const char *pool);

uint32_t domain_count(void);
const char *domain_name(uint32_t domain);

/* The storage a pool was last seen to hand out pieces of: spares a search per piece. */
struct domain_storage {
	uint64_t start, end;
};
struct domain_storage *domain_storage(uint32_t domain);
void domain_forget_storage(void);

#endif
