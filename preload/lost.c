/* SPDX-License-Identifier: MIT */
/* Counters of what was missed; see lost.h. */
#include "lost.h"

#include "atomic.h"

static _Atomic uint64_t counts[HEAPMARK_LOSS_LIMIT];

void lost_add(enum heapmark_loss reason, uint64_t count)
{
	add_relaxed(&counts[reason], count);
}

uint64_t lost_count(enum heapmark_loss reason)
{
	return load_relaxed(&counts[reason]);
}

void lost_reset(void)
{
	for (int i = 0; i < HEAPMARK_LOSS_LIMIT; i++)
		store_relaxed(&counts[i], 0);
}
