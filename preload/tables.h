/* SPDX-License-Identifier: MIT */
/*
 * The tables lock: protects nodes, sites, the live map, the maps, the domains, the counters and the
 * timeline. Held for the few steps of one event, or while a snapshot copies what changed.
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
