/* SPDX-License-Identifier: MIT */
/*
 * From a hook to the call stack of the program at that point. No lock is held meanwhile.
 */
#ifndef PRELOAD_CAPTURE_CAPTURE_H
#define PRELOAD_CAPTURE_CAPTURE_H

#include <stdint.h>

#include "heapmark/format.h"

struct thread;

/* A borrowed view of the thread's buffer, valid until its next capture. */
struct stack {
	void **frames; /* return addresses, innermost first; never empty */
	uint32_t count;
	enum heapmark_marker cut; /* why outer frames are missing, or 0 */
};

/* As early as may be, and just before main(); see unwind.h. */
void capture_start(void);
void capture_load(void);
void capture_avoid_loader(void);

/* `caller` is the hook's return address: the innermost frame that is the program's. */
struct stack capture_stack(struct thread *self, void *caller);

#endif
