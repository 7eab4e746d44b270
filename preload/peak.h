/* SPDX-License-Identifier: MIT */
/*
 * The peak of live bytes over all threads, without a shared write per event.
 *
 * Each thread keeps what it has added since it last published (`drift`) and the highest that was
 * (`mark`). Let published be the sum of what threads have published; then
 *
 *     live now          =  published + sum of drift
 *     live at any time
 *     since a publish  <=  published + sum of max(mark, drift)
 *
 * as marks are set back only by a publish of their own thread. Whoever publishes evaluates both
 * sums first. If the first is the largest yet, it is the peak, the epoch moves, and every counter
 * keeps its value of that moment when it is next touched (cells.h). The larger of both, at its
 * largest, is `upper`.
 *
 * There was never more live than upper, until the last evaluation began. And the peak was really
 * reached if no other thread had an event while its sum was taken. If one had, drifts are those of
 * different moments, and the sum can be above what was ever live by as much as others rose
 * meanwhile: less than 2 allow and one event each, as who leaves [-allow, allow] then has to wait
 * for the evaluation. So the true peak lies in [peak, upper], but for that at the lower end.
 *
 * A thread publishes when its drift leaves [-allow, allow], and evaluates before its first decrease
 * from a new mark (as often as its credit lasts, or else from `slack` above it, which the mark then
 * includes). So the bound is a few times allow per thread, whatever they do; and a decrease that
 * follows a rise of another thread's is seen as soon as that thread's rise was published.
 *
 * While there is one thread it is on its own: no lock, no publishing, and it declares the peak at
 * each decrease from above it. Then peak = upper, always.
 *
 *   field     written by  read by     order    why that is enough
 *   drift     owner       evaluators  rel/acq  a mark is stored before the drift that fell from it
 *   mark      owner       evaluators  relaxed  ... and loaded after it
 *   epoch     evaluators  all         relaxed  a late reader keeps its value with the event in it
 */
#ifndef PRELOAD_PEAK_H
#define PRELOAD_PEAK_H

#include <stdbool.h>
#include <stdint.h>

#include "atomic.h"

struct share {
	_Atomic int64_t drift, mark;
	int64_t allow, slack; /* by the owner, once there are others */
	uint32_t credit;      /* evaluations that the owner may make on top of publishing */
	struct share *next;
};

struct peak {
	uint64_t bytes, upper_bytes; /* the true peak is within, as far as said above */
	uint64_t time_ns;            /* of bytes */
	uint64_t now_bytes;
	uint64_t window_bytes; /* the largest since peak_reset_window() */
};

#define PEAK_CREDIT 16u /* between two looks at the clock */

#define PEAK_EPOCH_FIRST 3u /* cells that were never touched are of none */

/* Moves by two when a peak is declared, and is odd. Peaks are told apart as long as there are not
 * as many as 2^31 between two looks. */
extern HIDDEN _Atomic uint32_t peak_epoch;

/* A new thread's share. Whether the caller could stop all other threads: if not, what the first one
 * has kept to itself stays there until it publishes it. */
void peak_join(struct share *share, bool stopped);

void peak_publish(struct share *share);
void peak_notice(struct share *share);

/* Live bytes grow. */
static HOT void peak_rise(struct share *share, uint64_t bytes)
{
	int64_t drift = load_relaxed(&share->drift) + (int64_t)bytes;

	store_release(&share->drift, drift); /* pairs with evaluate() */
	if (unlikely(drift > share->allow))
		peak_publish(share);
}

/* Before a decrease: the total may be at its maximum now. */
static HOT void peak_before_fall(struct share *share)
{
	if (unlikely(load_relaxed(&share->drift) > load_relaxed(&share->mark)))
		peak_notice(share);
}

static HOT void peak_fall(struct share *share, uint64_t bytes)
{
	int64_t drift = load_relaxed(&share->drift) - (int64_t)bytes;

	store_release(&share->drift, drift); /* pairs with evaluate() */
	if (unlikely(drift < -share->allow))
		peak_publish(share);
}

/* Another thread has declared a peak since the owner's last event: it may have risen further. */
void peak_others_rose(struct share *share);

/* What is known now; declares the peak if this is it. Exact while all threads are stopped. */
struct peak peak_read(void);
void peak_reset_window(void);

/* No later peak is dated before this: the clock used for peaks is coarse. */
void peak_time_passed(uint64_t elapsed_ns);

/* Around a fork; in the child the peak is what is live. False: gave up. */
bool peak_hold(void);
void peak_release(void);
void peak_child(void);

#endif
