/* SPDX-License-Identifier: MIT */
/* Per-thread slots: handing them out, taking them back from the dead; see thread.h. */
#include "thread.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "config.h"
#include "facts.h"
#include "lock.h"
#include "lost.h"
#include "mem.h"

#define LOOKS_FOR_DEAD 8 /* slots looked at per adoption, so that the list need not be walked */

_Thread_local struct thread *thread_self __attribute__((tls_model("initial-exec")));
_Atomic bool thread_recording;
_Atomic bool thread_pending;

static const uint32_t never_forked = 1;
volatile uint32_t *thread_fork_mark = (volatile uint32_t *)&never_forked;

static struct {
	struct lock lock; /* slots are handed out one at a time */
	struct thread *_Atomic first;
	struct thread *probe; /* where the search for a dead thread's slot goes on */
	const struct thread_calls *calls;
	_Atomic uint32_t ever;
} threads;

/* A page that the kernel zeroes in every forked copy, however it was forked. */
static void mark_process(void)
{
	uint32_t *page = mem_map(4096);

	if (!page)
		return;
	*page = 1;
	if (madvise(page, 4096, MADV_WIPEONFORK) == 0)
		thread_fork_mark = page;
}

void thread_start(const struct thread_calls *calls)
{
	threads.calls = calls;
	mark_process();
}

static bool is_dead(const struct thread *thread, pid_t pid)
{
	return syscall(SYS_tgkill, pid, load_relaxed(&thread->tid), 0) == -1 && errno == ESRCH;
}

static struct thread *find_dead(pid_t pid)
{
	for (int i = 0; i < LOOKS_FOR_DEAD; i++) {
		struct thread *slot = threads.probe ? threads.probe : load_acquire(&threads.first);

		if (!slot)
			return NULL;
		threads.probe = load_acquire(&slot->next);
		if (is_dead(slot, pid))
			return slot;
	}
	return NULL;
}

static struct thread *make_slot(void)
{
	size_t depth = config.depth;
	struct thread *slot = mem_take(sizeof(*slot));

	if (!slot)
		return NULL;
	slot->frames = mem_take((depth + THREAD_OWN_FRAMES) * sizeof(void *));
	slot->stack_frames = mem_take(depth * sizeof(void *));
	slot->stack_nodes = mem_take(depth * sizeof(uint32_t));
	if (!slot->frames || !slot->stack_frames || !slot->stack_nodes)
		return NULL;
	store_relaxed(&slot->next, load_relaxed(&threads.first));
	store_release(&threads.first, slot); /* pairs with find_dead() */
	return slot;
}

static void clear_slot(struct thread *slot, pid_t tid)
{
	slot->busy = slot->own_work = slot->serving = false;
	slot->last_block = NULL;
	slot->stack_count = 0;
	store_relaxed(&slot->tid, tid);
}

COLD struct thread *thread_adopt(void)
{
	int saved_errno = errno;
	struct thread *slot;

	if ((uint64_t)getpid() != facts.pid)
		return NULL; /* a vfork child: to it, all our threads seem dead */
	if (!lock_take(&threads.lock)) {
		lost_add(HEAPMARK_LOSS_LOCK_TIMEOUT, 1);
		return NULL;
	}
	slot = find_dead(getpid());
	if (!slot)
		slot = make_slot();
	if (slot) {
		clear_slot(slot, (pid_t)syscall(SYS_gettid));
		add_relaxed(&threads.ever, 1);
	}
	lock_drop(&threads.lock);
	if (!slot)
		lost_add(HEAPMARK_LOSS_NO_MEMORY, 1);
	thread_self = slot;
	errno = saved_errno;
	return slot;
}

COLD void thread_refused(struct thread *self)
{
	if (!self->own_work && !self->serving)
		lost_add(HEAPMARK_LOSS_REENTERED, 1);
}

COLD void thread_do_pending(struct thread *self)
{
	int saved_errno = errno;

	self->busy = true;
	fence_signal();
	threads.calls->pending(self);
	fence_signal();
	self->busy = false;
	errno = saved_errno;
}

COLD void thread_forked_unseen(void)
{
	int saved_errno = errno;

	threads.calls->forked();
	errno = saved_errno;
}

uint32_t thread_count(void)
{
	return load_relaxed(&threads.ever);
}

void thread_child(void)
{
	struct thread *self = thread_self;

	lock_reset(&threads.lock);
	if (thread_fork_mark != &never_forked)
		*thread_fork_mark = 1;
	if (self) {
		store_relaxed(&self->tid, (pid_t)syscall(SYS_gettid));
		self->last_block = NULL; /* that was the parent's doing */
	}
	store_relaxed(&thread_pending, false);
	store_relaxed(&threads.ever, self ? 1 : 0);
}
