/* SPDX-License-Identifier: MIT */
/* Declaring the peak; the model is in peak.h. */
#include "peak.h"

#include "clock.h"
#include "lock.h"

#define ALLOW_MIN      (4 << 10)
#define ALLOW_MAX      (64 << 10)
#define ALLOW_FRACTION 1024 /* of the peak, for all threads together */
#define SLACK_FRACTION 16   /* of allow */

_Atomic uint32_t peak_epoch = PEAK_EPOCH_FIRST;

static struct {
	struct lock lock; /* a leaf. Not needed by the only thread's events. */
	struct share *shares;
	uint32_t share_count;

	int64_t published;
	int64_t bytes, upper_bytes, window_bytes;
	uint64_t time_ns, passed_ns;
} peak;

static bool is_alone(void)
{
	return peak.share_count <= 1;
}

static void declare(int64_t now)
{
	uint64_t time_ns = clock_elapsed_ns();

	peak.bytes = now;
	peak.time_ns = time_ns < peak.passed_ns ? peak.passed_ns : time_ns;
	add_relaxed(&peak_epoch, 2);
}

static int64_t larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* With the lock, or alone. Returns what is live now. */
static int64_t evaluate(void)
{
	int64_t now = peak.published, upper = peak.published;

	for (struct share *share = peak.shares; share; share = share->next) {
		int64_t drift = load_acquire(&share->drift); /* pairs with peak_fall() */

		now += drift;
		upper += is_alone() ? drift : larger(drift, load_relaxed(&share->mark));
	}
	if (now > peak.bytes)
		declare(now);
	peak.upper_bytes = larger(peak.upper_bytes, larger(upper, now));
	peak.window_bytes = larger(peak.window_bytes, now);
	return now;
}

/* The only thread looks again when it is above both the peak and the window's. */
static void mark_alone(struct share *share)
{
	store_relaxed(&share->mark,
		      peak.bytes < peak.window_bytes ? peak.bytes : peak.window_bytes);
}

static void set_allowance(struct share *share)
{
	int64_t allow = peak.bytes / ALLOW_FRACTION / peak.share_count;

	share->allow = allow < ALLOW_MIN ? ALLOW_MIN : allow > ALLOW_MAX ? ALLOW_MAX : allow;
	share->slack = share->allow / SLACK_FRACTION;
}

COLD void peak_publish(struct share *share)
{
	int64_t drift = load_relaxed(&share->drift);

	if (!lock_take(&peak.lock))
		return; /* tried again at the next event; marks and drift still hold */
	evaluate();
	peak.published += drift;
	store_release(&share->drift, 0); /* pairs with evaluate() */
	store_relaxed(&share->mark, 0);
	set_allowance(share);
	lock_drop(&peak.lock);
}

/* The only thread never publishes of its own accord, and has not been told yet that it is not. */
static bool is_solitary(const struct share *share)
{
	return share->allow == INT64_MAX;
}

/* For one credit. */
static void evaluate_shared(struct share *share)
{
	share->credit--;
	if (!lock_take(&peak.lock))
		return;
	evaluate();
	lock_drop(&peak.lock);
}

COLD static void notice_shared(struct share *share)
{
	int64_t drift = load_relaxed(&share->drift);

	if (is_solitary(share)) {
		peak_publish(share);
	} else if (share->credit == 0) {
		store_relaxed(&share->mark, drift + share->slack);
	} else {
		store_relaxed(&share->mark, drift);
		evaluate_shared(share);
	}
}

void peak_notice(struct share *share)
{
	if (unlikely(!is_alone())) {
		notice_shared(share);
		return;
	}
	evaluate();
	mark_alone(share);
}

COLD void peak_others_rose(struct share *share)
{
	if (is_alone())
		return;
	if (is_solitary(share))
		peak_publish(share);
	else if (share->credit > 0)
		evaluate_shared(share);
}

/* The only thread has published nothing: all that is live is its drift, which would stay its mark
 * however much of it goes. Publishes in its stead; it is stopped. */
static void end_solitude(void)
{
	for (struct share *share = peak.shares; share; share = share->next) {
		if (!is_solitary(share))
			continue;
		peak.published += load_relaxed(&share->drift);
		store_relaxed(&share->drift, 0);
		store_relaxed(&share->mark, 0);
		share->credit = PEAK_CREDIT;
		set_allowance(share);
	}
}

void peak_join(struct share *share, bool stopped)
{
	if (!lock_take(&peak.lock))
		return; /* its events will be in no peak; hardly so: the others are stopped */
	evaluate();
	share->next = peak.shares;
	peak.shares = share;
	peak.share_count++;
	if (is_alone()) {
		share->allow = INT64_MAX;
		mark_alone(share);
	} else {
		if (stopped)
			end_solitude();
		share->credit = PEAK_CREDIT;
		set_allowance(share);
	}
	lock_drop(&peak.lock);
}

/* Who reads may be outside of sections, and is not stopped when a second thread comes: so the lock
 * is needed even by the only one. */
struct peak peak_read(void)
{
	bool locked = lock_take(&peak.lock);
	int64_t now = evaluate();
	struct peak result = {
		.bytes = (uint64_t)peak.bytes,
		.upper_bytes = (uint64_t)peak.upper_bytes,
		.time_ns = peak.time_ns,
		.now_bytes = (uint64_t)(now > 0 ? now : 0),
		.window_bytes = (uint64_t)peak.window_bytes,
	};

	if (is_alone() && peak.shares)
		mark_alone(peak.shares);
	if (locked)
		lock_drop(&peak.lock);
	return result;
}

void peak_reset_window(void)
{
	bool locked = lock_take(&peak.lock);

	peak.window_bytes = evaluate();
	if (is_alone() && peak.shares)
		mark_alone(peak.shares);
	if (locked)
		lock_drop(&peak.lock);
}

void peak_time_passed(uint64_t elapsed_ns)
{
	peak.passed_ns = elapsed_ns;
}

bool peak_hold(void)
{
	return lock_take(&peak.lock);
}

void peak_release(void)
{
	lock_drop(&peak.lock);
}

void peak_child(void)
{
	lock_reset(&peak.lock);
	peak.passed_ns = peak.time_ns = 0;
	peak.bytes = peak.upper_bytes = peak.window_bytes = 0;
	for (struct share *share = peak.shares; share; share = share->next)
		store_relaxed(&share->mark, load_relaxed(&share->drift));
	peak_read();
}
