/* SPDX-License-Identifier: MIT */
/* How call stacks were found. */
#ifndef PRELOAD_CAPTURE_WALKS_H
#define PRELOAD_CAPTURE_WALKS_H

#include <stdint.h>

/* Totals so far. */
struct walks {
	uint64_t captured;
	uint64_t by_libunwind; /* of these, those that libunwind had to finish */
	uint64_t compared;     /* of these, those that --verify looked at */
	uint64_t different;    /* of those, what libunwind found otherwise */
};

#endif
