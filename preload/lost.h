/* SPDX-License-Identifier: MIT */
/* What the recording missed, counted by reason; see losses.def. Safe from any thread and signal. */
#ifndef PRELOAD_LOST_H
#define PRELOAD_LOST_H

#include <stdint.h>

#include "heapmark/format.h"

void lost_add(enum heapmark_loss reason, uint64_t count);
uint64_t lost_count(enum heapmark_loss reason);
void lost_reset(void); /* in a forked child: its parent keeps the old ones */

#endif
