/* SPDX-License-Identifier: MIT */
/*
 * Stopping all threads for a moment, at no cost to them otherwise.
 *
 * Changing counters is a section: a few steps that wait for nothing but, now and then, the locks
 * that lock.h names as leaves. Who wants to see them all unchanging sets THREAD_STOPPED, makes
 * every processor that runs one of our threads pass a memory barrier (fence_everywhere), and waits
 * until no thread is in a section. A thread says that it is in one, and then looks at the state;
 * the kernel's barrier stands for the one that would be needed between the two.
 */
#ifndef PRELOAD_WORLD_H
#define PRELOAD_WORLD_H

#include "thread.h"

/* As early as may be. */
void world_start(void);

/* Waits until the world goes on. False: it did not for too long, and we are not in the section. */
bool world_wait(struct thread *self);

/* False: counted as a lost event; nothing may be changed. */
static HOT bool world_enter_section(struct thread *self)
{
	store_relaxed(&self->in_section, true);
	fence_signal();
	if (likely(!(load_acquire(thread_state) & THREAD_STOPPED))) /* pairs with world_go() */
		return true;
	return world_wait(self);
}

static HOT void world_leave_section(struct thread *self)
{
	store_release(&self->in_section, false); /* pairs with world_stop() */
}

/* Stops all other threads; outside sections, one caller at a time. False: somebody did not come out
 * of one for too long, and the world goes on. */
bool world_stop(struct thread *self);
void world_go(void);

/* In a forked child, whose only thread is the caller. */
void world_child(void);

#endif
