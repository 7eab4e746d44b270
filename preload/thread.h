/* SPDX-License-Identifier: MIT */
/*
 * What the shim keeps for each thread, and the guard that every hook passes.
 *
 *   field          written by  read by       order    why that is enough
 *   busy           owner       owner         fence    only a signal handler on the same thread
 *                                                     interleaves
 *   own_work,      owner       owner         fence    the same
 *   serving
 *   tid            adopter     adopters      relaxed  a stale value only delays the slot's reuse
 *   next           adopter     adopters      rel/acq  a reachable slot must be a whole slot
 *   the rest       owner       owner         plain    never shared
 *
 * Slots are never freed: that of a thread which has ended is adopted by a later one.
 */
#ifndef PRELOAD_THREAD_H
#define PRELOAD_THREAD_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "atomic.h"

#define THREAD_OWN_FRAMES 16 /* that may lie between the unwinder and the program */

struct thread {
	bool busy;     /* inside a hook: heap calls made now are served, not observed */
	bool own_work; /* ...and they are heapmark's own doing (a library or an unwinder) */
	bool serving;  /* ...or part of a call that is observed as a whole */
	int saved_errno;

	const void *last_block; /* allocated by the last heap call of this thread, or NULL */

	/* The last call stack, innermost first, and the node of each frame: what the next stack
	 * shares with it, at the outer end, need not be looked up again. */
	uint32_t stack_generation;
	uint32_t stack_count;
	void **stack_frames; /* config.depth of each */
	uint32_t *stack_nodes;
	void **frames; /* where the next stack is captured: config.depth + THREAD_OWN_FRAMES */

	_Atomic pid_t tid;
	struct thread *_Atomic next;
};

/* initial-exec: a lazily allocated TLS block would call malloc() from malloc(). */
extern _Thread_local struct thread *thread_self __attribute__((tls_model("initial-exec")));

/* True while events are recorded. Written at the start, the end and a fork. */
extern _Atomic bool thread_recording;

/* Zero in a forked copy of the process that our fork handlers did not see (the kernel wipes it). */
extern volatile uint32_t *thread_fork_mark;

/* Set from signal handlers: something is to be done as soon as no hook is on this thread's stack.
 */
extern _Atomic bool thread_pending;

struct thread *thread_adopt(void);
void thread_refused(struct thread *self);
void thread_do_pending(struct thread *self);
void thread_forked_unseen(void);

/* Called when a thread finds itself in a forked copy, and when it leaves a hook with work pending.
 */
struct thread_calls {
	void (*forked)(void);
	void (*pending)(struct thread *self);
};
void thread_start(const struct thread_calls *calls);

/* Number of threads that ever entered a hook. */
uint32_t thread_count(void);

/* In a forked child, on its only thread: the other threads are gone. */
void thread_child(void);

/* The caller's slot with the guard up, or NULL: not recording, re-entered, or no memory. */
static inline struct thread *thread_enter(void)
{
	struct thread *self = thread_self;

	if (unlikely(!load_relaxed(&thread_recording)))
		return NULL;
	if (unlikely(!*thread_fork_mark))
		thread_forked_unseen();
	if (unlikely(!self)) {
		self = thread_adopt();
		if (!self)
			return NULL;
	}
	if (unlikely(self->busy)) {
		thread_refused(self);
		return NULL;
	}
	self->busy = true;
	fence_signal();
	self->saved_errno = errno; /* the program must not see ours */
	return self;
}

static inline void thread_leave(struct thread *self)
{
	errno = self->saved_errno;
	fence_signal();
	self->busy = false;
	fence_signal(); /* a signal that comes before this is seen below, a later one is not
			   postponed */
	if (unlikely(load_relaxed(&thread_pending)))
		thread_do_pending(self);
}

#endif
