/* SPDX-License-Identifier: MIT */
/*
 * Thread cancellation, held off. malloc() is no cancellation point, but what the shim does inside
 * it (writing, reading, unwinding) would be: a thread that was to be cancelled would end in there,
 * with our locks held.
 */
#ifndef PRELOAD_CANCEL_H
#define PRELOAD_CANCEL_H

#include <pthread.h>

static inline int cancel_hold(void)
{
	int before;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
	return before;
}

static inline void cancel_restore(int before)
{
	pthread_setcancelstate(before, NULL);
}

#endif
