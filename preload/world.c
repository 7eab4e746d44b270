/* SPDX-License-Identifier: MIT */
/* Stopping and starting; see world.h. */
#include "world.h"

#include <errno.h>
#include <linux/membarrier.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "lock.h"
#include "lost.h"
#include "mem.h"
#include "sys.h"

#define SPINS       200
#define PATIENCE_NS (LOCK_PATIENCE_NS / 10) /* a section takes a microsecond */

static struct {
	struct lock lock; /* one that stops, at a time */
	bool has_barrier; /* the system call, for this process */
	char *page;       /* or else: taking away the right to write it interrupts all processors */
} world;

void world_start(void)
{
	world.has_barrier =
		sys_call(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0;
	if (!world.has_barrier)
		world.page = mem_map(MEM_PAGE_BYTES);
}

/* Whether this thread has stopped the others: there may have been none. */
static _Thread_local bool stopping;

static void fence_everywhere(void)
{
	atomic_thread_fence(memory_order_seq_cst);
	if (world.has_barrier &&
	    sys_call(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0) == 0)
		return;
	if (!world.page)
		world.page = mem_map(MEM_PAGE_BYTES);
	if (!world.page)
		return;
	*(volatile char *)world.page = 1;
	mprotect(world.page, MEM_PAGE_BYTES, PROT_READ);
	mprotect(world.page, MEM_PAGE_BYTES, PROT_READ | PROT_WRITE);
}

static void nap(unsigned tries)
{
	struct timespec short_while = {.tv_sec = 0, .tv_nsec = 50000};

	if (tries < SPINS)
		spin_pause();
	else if (tries < 2 * SPINS)
		sched_yield();
	else
		sys_call(SYS_nanosleep, &short_while,
			 NULL); /* the function is a cancellation point */
}

COLD bool world_wait(struct thread *self)
{
	uint64_t deadline = clock_now_ns() + LOCK_PATIENCE_NS;
	int saved_errno = errno;

	for (unsigned tries = 0;; tries++) {
		store_relaxed(&self->in_section, false);
		if (tries > SPINS && clock_now_ns() > deadline)
			break;
		nap(tries);
		store_relaxed(&self->in_section, true);
		atomic_thread_fence(memory_order_seq_cst);
		if (!(load_acquire(thread_state) & THREAD_STOPPED)) {
			errno = saved_errno;
			return true;
		}
	}
	errno = saved_errno;
	lost_add(HEAPMARK_LOSS_LOCK_TIMEOUT, 1);
	return false;
}

/* A thread that jumped out of a section, or ended in one, does not change counters any more: it is
 * waited for once. */
static bool wait_for(struct thread *thread, uint64_t deadline)
{
	for (unsigned tries = 0; load_acquire(&thread->in_section); tries++) {
		if (load_relaxed(&thread->stuck))
			return true;
		if (tries > SPINS && clock_now_ns() > deadline) {
			store_relaxed(&thread->stuck, true);
			return false;
		}
		nap(tries);
	}
	store_relaxed(&thread->stuck, false);
	return true;
}

bool world_stop(struct thread *self)
{
	uint64_t deadline = clock_now_ns() + PATIENCE_NS;
	int saved_errno = errno;
	bool stopped = true;

	if (!thread_first())
		return true; /* the first one is joining */
	if (!lock_take(&world.lock))
		return false;
	stopping = true;
	thread_set_state(THREAD_STOPPED);
	fence_everywhere();
	for (struct thread *thread = thread_first(); thread && stopped;
	     thread = thread_next(thread))
		stopped = thread == self || wait_for(thread, deadline);
	errno = saved_errno;
	if (!stopped)
		world_go();
	return stopped;
}

void world_go(void)
{
	if (!stopping)
		return;
	stopping = false;
	thread_clear_state(THREAD_STOPPED);
	lock_drop(&world.lock);
}

void world_child(void)
{
	lock_reset(&world.lock);
	stopping = false;
}
