/* SPDX-License-Identifier: MIT */
/* Per-thread slots: handing them out, taking them back from the dead; see thread.h. */
#include "thread.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "facts.h"
#include "lock.h"
#include "lost.h"
#include "mem.h"
#include "sys.h"

#define LOOKS_FOR_DEAD 8 /* slots looked at per adoption, so that the list need not be walked */

_Thread_local struct thread *thread_self __attribute__((tls_model("initial-exec")));
_Thread_local uint64_t thread_allowance __attribute__((tls_model("initial-exec")));
static _Thread_local bool adopting; /* a signal handler came meanwhile: its calls are not seen */

/* A page of its own, at least where pages are no larger; else forks are seen less surely. */
_Alignas(MEM_PAGE_BYTES) _Atomic uint32_t thread_state[MEM_PAGE_BYTES / sizeof(uint32_t)];

static struct {
	struct lock lock; /* slots are handed out one at a time */
	struct thread *_Atomic first;
	struct thread *probe; /* where the search for a dead thread's slot goes on */
	const struct thread_calls *calls;
	_Atomic uint32_t ever;
	uint32_t numbered; /* the same, but goes on in a child: its blocks may be of a parent's */
	_Atomic bool on;   /* also known where the state has been wiped, like the next */
	bool sampled;
} threads;

void thread_set_state(enum thread_state_bit bit)
{
	atomic_fetch_or(thread_state, bit);
}

void thread_clear_state(enum thread_state_bit bit)
{
	atomic_fetch_and(thread_state, ~(uint32_t)bit);
}

bool thread_has_started(void)
{
	return threads.calls != NULL;
}

bool thread_is_recording(void)
{
	return load_relaxed(&threads.on);
}

void thread_record(bool on)
{
	store_relaxed(&threads.on, on);
	if (on)
		thread_clear_state(THREAD_OFF);
	else
		thread_set_state(THREAD_OFF);
}

void thread_start(const struct thread_calls *calls)
{
	threads.calls = calls;
	store_relaxed(thread_state, THREAD_ALIVE | THREAD_OFF);
	madvise((void *)thread_state, MEM_PAGE_BYTES, MADV_WIPEONFORK);
}

void thread_sample(void)
{
	threads.sampled = true;
	thread_set_state(THREAD_SAMPLED);
}

static bool is_dead(const struct thread *thread, pid_t pid)
{
	return sys_call(SYS_tgkill, pid, load_relaxed(&thread->tid), 0) == -1 && errno == ESRCH;
}

static struct thread *find_dead(pid_t pid)
{
	for (int i = 0; i < LOOKS_FOR_DEAD; i++) {
		struct thread *slot = threads.probe ? threads.probe : thread_first();

		if (!slot)
			return NULL;
		threads.probe = thread_next(slot);
		if (is_dead(slot, pid))
			return slot;
	}
	return NULL;
}

static void clear_slot(struct thread *slot, pid_t tid)
{
	slot->busy = slot->own_work = slot->serving = slot->elsewhere = slot->closing = false;
	store_relaxed(&slot->stuck, false);
	store_relaxed(&slot->in_section, false);
	store_relaxed(&slot->leave.asked, false);
	slot->last_block = NULL;
	slot->allowance = 0;
	slot->has_drawn = false; /* what was left to a dead thread is not known */
	slot->stacks.last = slot->stacks.last_end;
	slot->stacks.again = NULL;
	store_relaxed(&slot->tid, tid);
	store_relaxed(&slot->local, (uintptr_t)&thread_self);
}

static void link_slot(struct thread *slot)
{
	store_relaxed(&slot->next, load_relaxed(&threads.first));
	store_release(&threads.first, slot); /* pairs with thread_first() */
}

static struct thread *make_slot(pid_t tid)
{
	struct thread *slot = mem_take(sizeof(*slot));

	if (!slot)
		return NULL;
	clear_slot(slot, tid);
	slot->totals.stamp = CELL_LISTED; /* they are on no list, but change all the time */
	if (threads.calls && !threads.calls->joined(slot))
		return NULL;
	link_slot(slot); /* it is whole now */
	return slot;
}

/* NULL, which is counted, if there is no memory for one. */
static COLD struct thread *find_slot(void)
{
	pid_t pid = sys_getpid(), tid = sys_gettid();
	struct thread *slot;

	if ((uint64_t)pid != facts.pid)
		return NULL; /* a vfork child: to it, all our threads seem dead */
	if (!lock_take(&threads.lock)) {
		lost_add(HEAPMARK_LOSS_LOCK_TIMEOUT, 1);
		return NULL;
	}
	slot = find_dead(pid);
	if (slot)
		clear_slot(slot, tid);
	else
		slot = make_slot(tid);
	if (slot) {
		add_relaxed(&threads.ever, 1);
		slot->number = ++threads.numbered;
		slot->first_tid = tid;
	}
	lock_drop(&threads.lock);
	if (!slot)
		lost_add(HEAPMARK_LOSS_NO_MEMORY, 1);
	thread_self = slot;
	return slot;
}

COLD struct thread *thread_adopt(void)
{
	int saved_errno = errno;
	struct thread *slot;

	if (adopting)
		return NULL;
	adopting = true; /* before anything is called */
	fence_signal();
	slot = find_slot();
	fence_signal();
	adopting = false;
	fence_signal(); /* a signal that came before this is seen here, or as the hook ends */
	if (!slot && load_relaxed(thread_state) & THREAD_PENDING)
		threads.calls->pending(NULL);
	errno = saved_errno;
	return slot;
}

static void refuse(const struct thread *self)
{
	if (!self->own_work && !self->serving)
		lost_add(HEAPMARK_LOSS_REENTERED, 1);
}

static void find_out_about_fork(void)
{
	int saved_errno = errno;

	threads.calls->forked();
	errno = saved_errno;
}

static void look_for_gone_code(void)
{
	int saved_errno = errno;

	threads.calls->unmapped();
	errno = saved_errno;
}

COLD struct thread *thread_enter_slowly(void)
{
	struct thread *self;

	if (!(load_relaxed(thread_state) & THREAD_ALIVE)) {
		if (!threads.calls)
			return NULL; /* not started */
		find_out_about_fork();
	}
	if (load_relaxed(thread_state) & THREAD_OFF)
		return NULL;
	self = thread_self ? thread_self : thread_adopt();
	if (!self)
		return NULL;
	if (self->busy) {
		refuse(self);
		return NULL;
	}
	thread_guard(self);
	if (self->closing)
		look_for_gone_code();
	return self;
}

void thread_guard(struct thread *self)
{
	self->busy = true;
	fence_signal();
	self->allowance += __atomic_exchange_n(&thread_allowance, 0, __ATOMIC_RELAXED);
}

static void drop_guard(struct thread *self)
{
	thread_allowance += self->allowance;
	self->allowance = 0;
	fence_signal();
	self->busy = false;
	fence_signal();
}

bool thread_closing_begin(struct thread *self)
{
	bool was = self->closing;

	self->closing = true;
	if (!was)
		atomic_fetch_add(thread_state, THREAD_CLOSING);
	return was;
}

void thread_closing_end(struct thread *self, bool was)
{
	self->closing = was;
	if (!was && load_relaxed(thread_state) >= THREAD_CLOSING) /* unless a fork has wiped it */
		atomic_fetch_sub(thread_state, THREAD_CLOSING);
}

static bool do_pending(struct thread *self)
{
	int saved_errno = errno;
	bool others = threads.calls->pending(self);

	errno = saved_errno;
	return others;
}

/* Everything is done with the guard up, and what came up meanwhile is pending again. */
COLD void thread_leave_slowly(struct thread *self)
{
	bool others = false;

	do {
		thread_guard(self);
		if (load_relaxed(thread_state) & THREAD_PENDING)
			others = do_pending(self);
		drop_guard(self);
	} while (!others && load_relaxed(thread_state) & THREAD_PENDING);
}

bool thread_is_adopting(void)
{
	return adopting;
}

uint32_t thread_count(void)
{
	return load_relaxed(&threads.ever);
}

struct thread *thread_first(void)
{
	return load_acquire(&threads.first); /* pairs with link_slot() */
}

bool thread_has_others(void)
{
	struct thread *first = thread_first();

	return first && thread_next(first);
}

void thread_wait_for_others(struct thread *self)
{
	const struct timespec nap = {.tv_sec = 0, .tv_nsec = 1000000};
	unsigned naps = 0;

	for (struct thread *thread = thread_first(); thread; thread = thread_next(thread))
		for (; thread != self && *(volatile bool *)&thread->busy && naps < 1000; naps++)
			sys_call(SYS_nanosleep, &nap, NULL);
}

bool thread_hold(void)
{
	return lock_take(&threads.lock);
}

void thread_release(void)
{
	lock_drop(&threads.lock);
}

void thread_child(void)
{
	struct thread *self = thread_self;

	lock_reset(&threads.lock);
	store_relaxed(thread_state, THREAD_ALIVE | (thread_is_recording() ? 0u : THREAD_OFF) |
					    (threads.sampled ? THREAD_SAMPLED : 0u));
	for (struct thread *slot = thread_first(); slot; slot = thread_next(slot)) {
		store_relaxed(&slot->in_section, false);
		store_relaxed(&slot->leave.asked, false);
	}
	if (self) {
		store_relaxed(&self->tid, sys_gettid());
		self->last_block = NULL; /* that was the parent's doing */
	}
	store_relaxed(&threads.ever, self ? 1 : 0);
}

struct thread *thread_silence(void)
{
	struct thread *self = thread_enter();

	if (self) {
		self->serving = true;
		self->elsewhere = true;
		errno = self->saved_errno;
	}
	return self;
}

void thread_unsilence(struct thread *self)
{
	self->saved_errno = errno;
	self->elsewhere = false;
	self->serving = false;
}
