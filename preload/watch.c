/* SPDX-License-Identifier: MIT */
/* The table; see watch.h. */
#include "watch.h"

_Atomic uint8_t watch_counts[1u << WATCH_BITS];
