/* SPDX-License-Identifier: MIT */
/*
 * The shim's lock: a futex that gives up instead of hanging the program.
 *
 * A holder is always inside a hook, and waits for little but memory; the snapshot lock's also
 * writes a file. Only a holder that vanished (a fork our handlers did not see) could keep one for
 * long. Then lock_take() returns false after LOCK_PATIENCE_NS, and the caller counts the event as
 * lost.
 *
 * Order, where an arrow means "may be taken under":
 *
 *   pace (only tried), ending -> snapshots -> tables, world
 *   threads -> world -> peak, memory
 *   tables -> section (world.h) -> live, sites -> peak, memory
 *   tables -> capture -> memory
 *   the loader's -> modules -> tables
 *   before a fork: threads, snapshots, tables, world, capture, sites, live, peak, memory
 *
 * Live, sites, peak and memory are leaves: nothing further is waited for but the memory's. The
 * loader's lock comes before all: no dl* function is called and nothing is unwound while one of
 * ours is held, except that a snapshot may list the modules while it holds the snapshot lock.
 */
#ifndef PRELOAD_LOCK_H
#define PRELOAD_LOCK_H

#include "atomic.h"

#define LOCK_PATIENCE_NS 5000000000ull

struct lock {
	_Atomic uint32_t state; /* 0 free, 1 taken, 2 taken and somebody waits */
	_Atomic bool
		given_up; /* its holder seems gone: nobody else waits, until it is free again */
};

bool lock_take_slowly(struct lock *lock);
void lock_wake(struct lock *lock);

static inline bool lock_try(struct lock *lock)
{
	return change_acquire(&lock->state, 0, 1);
}

/* False: gave up, and the lock is not held. */
static inline bool lock_take(struct lock *lock)
{
	return likely(lock_try(lock)) || lock_take_slowly(lock);
}

static inline void lock_drop(struct lock *lock)
{
	if (unlikely(exchange_release(&lock->state, 0) == 2)) /* pairs with change_acquire() */
		lock_wake(lock);
}

/* In a forked child, whose only thread is the caller. */
static inline void lock_reset(struct lock *lock)
{
	store_relaxed(&lock->state, 0);
}

#endif
