/* SPDX-License-Identifier: MIT */
/* Distances and weights; see sample.h. */
#include "sample.h"

#include <sys/random.h>

#include "clock.h"
#include "config.h"

uint64_t sample_mean;

static uint64_t seed;

void sample_start(void)
{
	sample_mean = config.sample;
	seed = config.seed;
	if (!seed && getrandom(&seed, sizeof(seed), GRND_NONBLOCK) != sizeof(seed))
		seed = clock_read_ns(CLOCK_MONOTONIC);
	if (sample_mean)
		thread_sample();
}

/* SplitMix64 (Steele, Lea, Flood 2014): any state will do, neighbouring ones too. */
static uint64_t draw(struct thread *self)
{
	uint64_t mixed = self->random += 0x9E3779B97F4A7C15u;

	mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9u;
	mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EBu;
	return mixed ^ mixed >> 31;
}

/* The program's rounding must not bend what is computed here, nor may it trap on it, nor be shown
 * that it was inexact. */
#if defined(__x86_64__)
#define MODE_DEFAULT 0x1f80u

static unsigned mode_set(void)
{
	unsigned mode = __builtin_ia32_stmxcsr();

	__builtin_ia32_ldmxcsr(MODE_DEFAULT);
	return mode;
}

static void mode_restore(unsigned mode)
{
	__builtin_ia32_ldmxcsr(mode);
}
#else
static unsigned mode_set(void)
{
	return 0;
}

static void mode_restore(unsigned mode)
{
	(void)mode;
}
#endif

/* The value, known to the compiler neither before nor after: it does not know of the mode, and
 * moves computations over changes of it. */
static inline uint64_t pinned(uint64_t value)
{
	__asm__ volatile("" : "+r"(value));
	return value;
}

/* In [0, 1). */
static double draw_unit(struct thread *self)
{
	return (double)(draw(self) >> 11) * 0x1p-53;
}

/* Exponentially distributed, with mean 1 (von Neumann 1951): runs of falling numbers, the first of
 * which is the result's fraction if the run's length is odd. Needs no logarithm, and so no
 * mathematics library in every program. */
static double draw_exponential(struct thread *self)
{
	for (unsigned whole = 0;; whole++) {
		double first = draw_unit(self), last = first;
		bool odd = true;

		for (double next; (next = draw_unit(self)) < last; last = next)
			odd = !odd;
		if (odd)
			return whole + first;
	}
}

void sample_draw(struct thread *self)
{
	unsigned mode = mode_set();

	self->allowance = pinned((uint64_t)((double)pinned(sample_mean) * draw_exponential(self)));
	self->has_drawn = true;
	mode_restore(mode);
}

void sample_join(struct thread *self)
{
	self->random = seed + (uint64_t)thread_count() * 0xD1B54A32D192ED03u;
}

bool sample_hits(struct thread *self, uint64_t size)
{
	uint64_t bytes = size + !size;

	if (!self->has_drawn)
		sample_draw(self);
	if (self->allowance < bytes)
		return true;
	self->allowance -= bytes;
	return false;
}

/* 1 - exp(-x) for x >= 0. The series where it is short, and from there by f(2x) = f(x) (2 - f(x)):
 * nothing cancels, so that the relative error stays below 1e-14. */
static double hit_chance(double x)
{
	double sum = 0, term = 1;
	unsigned doublings = 0;

	if (x > 64)
		return 1;
	for (; x > 0.25; x /= 2)
		doublings++;
	for (int n = 1; n <= 12; n++) {
		term *= -x / n;
		sum -= term;
	}
	while (doublings-- > 0)
		sum *= 2 - sum;
	return sum;
}

static double probability(uint64_t size)
{
	return hit_chance((double)(size ? size : 1) / (double)sample_mean);
}

bool sample_is_heavier(struct thread *self, uint64_t size)
{
	unsigned mode = mode_set();
	double blocks = 1 / probability(pinned(size));
	bool heavier = pinned(draw_unit(self) < blocks - (double)(uint64_t)blocks);

	mode_restore(mode);
	return heavier;
}

struct weight sample_weight(uint64_t size, bool heavier)
{
	unsigned mode = mode_set();
	double bytes = (double)pinned(size), p = probability(pinned(size));
	double variance = bytes * bytes * (1 - p) / (p * p);
	struct weight weight = {
		.blocks = pinned((uint64_t)(1 / p)) + heavier,
		.bytes = pinned((uint64_t)(bytes / p + 0.5)),
		.variance = pinned(variance < 0x1p63 ? (uint64_t)variance : (uint64_t)1 << 63),
	};

	mode_restore(mode);
	return weight;
}
