/* SPDX-License-Identifier: MIT */
/* The slow half of the shim's lock: spin a little, then sleep in the kernel; see lock.h. */
#include "lock.h"

#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "sys.h"

#define SPINS 100

static void wait_while_contended(struct lock *lock)
{
	/* Short: a wake-up may be missed when the holder is a thread of a forked parent. */
	struct timespec nap = {.tv_sec = 0, .tv_nsec = 50000000};

	sys_call(SYS_futex, &lock->state, FUTEX_WAIT_PRIVATE, 2, &nap, NULL, 0);
}

bool lock_take_slowly(struct lock *lock)
{
	uint64_t deadline;
	int saved_errno = errno;

	for (int i = 0; i < SPINS; i++) {
		if (load_relaxed(&lock->state) == 0 && lock_try(lock))
			return true;
		spin_pause();
	}
	deadline = clock_now_ns() + LOCK_PATIENCE_NS;
	while (exchange_acquire(&lock->state, 2) != 0) {
		if (load_relaxed(&lock->given_up) || clock_now_ns() > deadline) {
			store_relaxed(&lock->given_up, true);
			errno = saved_errno;
			return false;
		}
		wait_while_contended(lock);
	}
	store_relaxed(&lock->given_up, false);
	errno = saved_errno;
	return true;
}

void lock_wake(struct lock *lock)
{
	int saved_errno = errno;

	sys_call(SYS_futex, &lock->state, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
	errno = saved_errno;
}
