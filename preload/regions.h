/* SPDX-License-Identifier: MIT */
/*
 * What the process's memory is made of: every mapping of the address space, added up by what it is
 * for. So people see why the resident memory is more than the heap.
 */
#ifndef PRELOAD_REGIONS_H
#define PRELOAD_REGIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "heapmark/format.h"

struct region_sum {
	uint64_t bytes, resident_bytes;
};

struct regions {
	bool known;
	struct region_sum sums[HEAPMARK_REGION_LIMIT]; /* by enum heapmark_region */
};

/* Reads /proc/self/smaps, which takes the kernel the longer the more is mapped. Leaves `known`
 * false where that cannot be read. One caller at a time (the snapshot lock); takes the tables lock
 * for a moment now and then. */
void regions_read(struct regions *regions);

#endif
