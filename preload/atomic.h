/* SPDX-License-Identifier: MIT */
/*
 * Atomics by the name of their order: the only file that spells memory_order_*.
 *
 * A store_release() is paired with a load_acquire() that the comment beside it names. Counters that
 * one thread writes and others only read are relaxed.
 */
#ifndef PRELOAD_ATOMIC_H
#define PRELOAD_ATOMIC_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define likely(condition)   __builtin_expect(!!(condition), 1)
#define unlikely(condition) __builtin_expect(!!(condition), 0)
#define COLD                __attribute__((cold, noinline))
#define NOINLINE            __attribute__((noinline))
#define HIDDEN              __attribute__((visibility("hidden"))) /* found without the GOT */
#define HOT                 __attribute__((always_inline)) inline /* part of every event */

#define load_relaxed(place)         atomic_load_explicit((place), memory_order_relaxed)
#define load_acquire(place)         atomic_load_explicit((place), memory_order_acquire)
#define store_relaxed(place, value) atomic_store_explicit((place), (value), memory_order_relaxed)
#define store_release(place, value) atomic_store_explicit((place), (value), memory_order_release)
#define add_relaxed(place, value)   atomic_fetch_add_explicit((place), (value), memory_order_relaxed)
#define exchange_acquire(place, value) \
	atomic_exchange_explicit((place), (value), memory_order_acquire)
#define exchange_release(place, value) \
	atomic_exchange_explicit((place), (value), memory_order_release)

/* What one thread writes at a time and others may read at any time. */
#define add_owned(place, value)   __atomic_store_n((place), *(place) + (value), __ATOMIC_RELAXED)
#define load_owned(place)         __atomic_load_n((place), __ATOMIC_RELAXED)
#define store_owned(place, value) __atomic_store_n((place), (value), __ATOMIC_RELAXED)

/* Only a signal handler on the same thread can come between what is before and what is after. */
#define fence_signal() atomic_signal_fence(memory_order_seq_cst)

/* Tells the processor that this is a spin loop. */
static inline void spin_pause(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

/* Taking a place from `expected` to `desired`; false if it holds something else. */
static inline bool change_acquire(_Atomic uint32_t *place, uint32_t expected, uint32_t desired)
{
	return atomic_compare_exchange_strong_explicit(place, &expected, desired,
						       memory_order_acquire, memory_order_relaxed);
}

#endif
