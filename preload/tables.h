/* SPDX-License-Identifier: MIT */
/*
 * The tables lock: protects the maps, the domains with what pools hand out, and the timeline. The
 * heap's own events do not need it.
 *
 * Order: a section (world.h) may be entered with this lock, but the lock is never taken in one.
 */
#ifndef PRELOAD_TABLES_H
#define PRELOAD_TABLES_H

#include "lock.h"
#include "lost.h"

extern struct lock tables_lock;

/* False: somebody held it too long; counted as a lost event. */
static inline bool tables_take(void)
{
	if (likely(lock_take(&tables_lock)))
		return true;
	lost_add(HEAPMARK_LOSS_LOCK_TIMEOUT, 1);
	return false;
}

static inline void tables_drop(void)
{
	lock_drop(&tables_lock);
}

#endif
