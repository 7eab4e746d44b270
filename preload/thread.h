/* SPDX-License-Identifier: MIT */
/*
 * What the shim keeps for each thread, and the guard that every hook passes.
 *
 *   field          written by  read by       order    why that is enough
 *   busy,          owner       owner         fence    only a signal handler on the same thread
 *   own_work,                                         interleaves
 *   serving,
 *   elsewhere,
 *   closing
 *   in_section     owner       who stops     world.h; also cleared where the owner is gone
 *   stuck          who stops,  who stops     relaxed  one that is lost costs another wait
 *                  adopter
 *   leave.asked    owner       who clears    relaxed  before the state's bit is set, and after it
 *                              the state              is cleared
 *   share          owner       evaluators    peak.h
 *   cells, totals  owner       who stops     plain    the owner is out of its section meanwhile;
 *                                                     how many cells are dirty anybody may read
 *   tid, local     adopter     anybody       relaxed  a stale value only delays the slot's reuse,
 *                                                     or hides a stack
 *   next           adopter     all           rel/acq  a reachable slot must be a whole slot
 *   the rest       owner       owner         plain    never shared
 *
 * Slots are never freed: that of a thread which has ended is adopted by a later one, with all that
 * it has counted.
 */
#ifndef PRELOAD_THREAD_H
#define PRELOAD_THREAD_H

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "atomic.h"
#include "cells.h"
#include "peak.h"

#define THREAD_OWN_FRAMES 16 /* that may lie between the unwinder and the program */

struct frame;
struct check;
struct recent;
struct step;
struct branch;
struct __jmp_buf_tag;

/* Of a table that is made wider when it is crowded. */
struct table_size {
	uint32_t mask, writes;
};

/* What its user notes with a stack, to find it there when it is the same stack again. */
struct stack_note {
	const void *near; /* brought near as soon as it looks like the same; may be NULL */
	uint32_t site;    /* 0: nothing yet */
};

/* What a thread remembers of call stacks; see capture/walk.h. */
struct stack_memory {
	struct frame *last, *last_end; /* the last stack, innermost first */
	struct check *checks;          /* what it depends on, in the same order */
	struct frame
		*again; /* its innermost frame, if a stack may be recognized by that; or NULL */
	struct stack_note again_note;
	struct stack_note *noted; /* what was noted with the stack found last */
	struct stack_note nothing_noted;
	struct frame *fresh;     /* where the next one differs, innermost first */
	struct recent *recent;   /* how other stacks differed from it, by the innermost frames */
	struct step *steps;      /* by pc */
	struct branch *branches; /* nodes, by parent and call */
	struct table_size recent_size, step_size, branch_size;
	uint64_t key;        /* of the stack that is being looked for */
	uint32_t generation; /* of the code; see capture/calls.h */
	void **raw;          /* what another unwinder found: config.depth + THREAD_OWN_FRAMES */
	_Atomic uint64_t captured; /* stacks so far */
	uint64_t recent_since;     /* ...when the writes to `recent` were last counted from 0 */
};

/* What is to be done as the hook ends; see leave.h. */
struct thread_leave {
	_Atomic bool asked;
	void (*end)(int status);
	void (*jump)(struct __jmp_buf_tag *to, int value); /* instead */
	struct __jmp_buf_tag to; /* a copy: it may lie in what the hook overwrites */
	int value;
	sigset_t mask; /* then; and so is errno */
	int error;
};

struct thread {
	bool busy;      /* inside a hook: heap calls made now are served, not observed */
	bool own_work;  /* ...and they are heapmark's own doing (a library or an unwinder) */
	bool serving;   /* ...or part of a call that is observed as a whole */
	bool elsewhere; /* the hook is in the real allocator: nothing of ours is half-done */
	bool closing;   /* it is unloading a library; see thread_closing_begin() */
	_Atomic bool in_section;
	_Atomic bool stuck;     /* it never came out of a section: see world.c */
	uint32_t until_look;    /* events; see pace.h */
	const void *last_block; /* allocated by the last heap call of this thread, or NULL */
	struct share share;
	struct cell totals; /* over all domains that were asked for */
	struct cell_more totals_more;
	struct cells cells;
	struct cells variances; /* of a sample's live bytes, instead of bytes; the rest is unused */
	struct stack_memory stacks;

	struct thread_leave leave;

	int saved_errno;
	uint32_t look_events; /* between two looks */
	uint64_t looked_ns;
	uint64_t allowance; /* in a hook, thread_allowance */
	bool has_drawn;     /* one of the two is what is left of a draw */
	uint64_t random;
	uint64_t verify_in; /* stacks until one is compared */

	uint32_t number; /* from 1 on, in the order in which threads came */
	pid_t first_tid; /* the kernel's then: forking gives it another one */
	_Atomic pid_t tid;
	_Atomic uintptr_t local; /* an address that the C library gave to this thread */
	struct thread *_Atomic next;
};

/* initial-exec: a lazily allocated TLS block would call malloc() from malloc(). */
extern HIDDEN _Thread_local struct thread *thread_self __attribute__((tls_model("initial-exec")));

/*
 * In a sample: how many bytes this thread may allocate until one is drawn. This is all that an
 * allocation has to look at: what is less is passed on, whatever else there is, and hooks look
 * closer at everything else. So they do where it is 0, and that is
 *   - where every block is recorded;
 *   - in a thread that has no slot yet;
 *   - in a hook: going in takes it into the slot, and going out puts it back.
 * What is in the slot counts with it. A signal handler may come between any two steps of that: at
 * worst, what it allocates itself is not counted.
 */
extern HIDDEN _Thread_local uint64_t thread_allowance __attribute__((tls_model("initial-exec")));

/*
 * The state of the process, for hooks to look at: THREAD_ALIVE alone when nothing is special. It is
 * in a page that the kernel wipes in every forked copy, so that a fork that our handlers did not
 * see shows as 0.
 */
enum thread_state_bit {
	THREAD_ALIVE = 1,
	THREAD_OFF = 2,      /* nothing is recorded */
	THREAD_STOPPED = 4,  /* counters must not change now; see world.h */
	THREAD_PENDING = 8,  /* something is to be done once no hook is on this thread's stack */
	THREAD_SAMPLED = 16, /* there are allowances, so that hooks go in and out by the slow way */
	THREAD_CLOSING = 32, /* ...and in multiples of it: threads that are unloading libraries */
};
extern HIDDEN _Atomic uint32_t thread_state[];

void thread_set_state(enum thread_state_bit bit); /* both also from signal handlers */
void thread_clear_state(enum thread_state_bit bit);

bool thread_has_started(void);
bool thread_is_recording(void);
void thread_record(bool on);

/* From now on there are allowances. Before the first hook. */
void thread_sample(void);

struct thread *thread_adopt(void);
struct thread *thread_enter_slowly(void);
void thread_leave_slowly(struct thread *self);

/* Puts up the guard where it is down. */
void thread_guard(struct thread *self);

struct thread_calls {
	void (*forked)(void); /* a thread found itself in a forked copy */
	/* Leaving a hook with work pending; NULL: a thread that got no slot. True: what is pending
	 * now is another thread's to do. */
	bool (*pending)(struct thread *self);
	bool (*joined)(struct thread *self); /* a new slot, not linked yet; false: no memory */
	void (*unmapped)(void);              /* code may have gone away since the last call */
};
void thread_start(const struct thread_calls *calls);

/*
 * Around a call in which this thread may unload libraries. The loader unmaps their code, frees what
 * it had allocated for them, and only then lets others map something in the same place. So each of
 * the thread's heap calls meanwhile finds out first what is gone, before anybody can mistake
 * other code for it. `was` is what begin returned: a library's destructor may unload another one.
 */
bool thread_closing_begin(struct thread *self);
void thread_closing_end(struct thread *self, bool was);

/* Whether this thread is being given its slot, and was interrupted by a signal. */
bool thread_is_adopting(void);

/* Number of threads that ever entered a hook. */
uint32_t thread_count(void);

/* The slots there are, of live and ended threads. */
struct thread *thread_first(void);
bool thread_has_others(void);

static HOT struct thread *thread_next(const struct thread *thread)
{
	return load_acquire(&thread->next); /* pairs with link_slot() */
}

/* Until no other thread is in a hook, or for a second: a hook takes a microsecond. */
void thread_wait_for_others(struct thread *self);

/* Around a fork: no slot is handed out meanwhile. False: gave up. */
bool thread_hold(void);
void thread_release(void);

/* In a forked child, on its only thread: the other threads are gone. */
void thread_child(void);

/* The caller's slot with the guard up, or NULL: not recording, re-entered, or no memory. For hooks
 * that do nothing that changes errno. */
static HOT struct thread *thread_enter_lightly(void)
{
	struct thread *self = thread_self;

	if (unlikely(load_relaxed(thread_state) != THREAD_ALIVE || !self || self->busy))
		return thread_enter_slowly();
	self->busy = true;
	fence_signal();
	return self;
}

static HOT void thread_leave_lightly(struct thread *self)
{
	fence_signal();
	self->busy = false;
	fence_signal(); /* a signal that comes before this is seen below, a later one is not
			   postponed */
	if (unlikely(load_relaxed(thread_state) & (THREAD_PENDING | THREAD_SAMPLED)))
		thread_leave_slowly(self);
}

/* The same for all others: the program must not see our errno. */
static HOT struct thread *thread_enter(void)
{
	struct thread *self = thread_enter_lightly();

	if (self)
		self->saved_errno = errno;
	return self;
}

/* Around a call of the real allocator that is observed as a whole: what its functions make of each
 * other is not. NULL as from thread_enter(). Not around what may throw. */
struct thread *thread_silence(void);
void thread_unsilence(struct thread *self);

static HOT void thread_leave(struct thread *self)
{
	errno = self->saved_errno;
	thread_leave_lightly(self);
}

#endif
