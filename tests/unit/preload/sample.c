/* SPDX-License-Identifier: MIT */
/* Distances, chances and weights of a sample against what the mathematics library says. Seeds are
 * fixed, and bounds are at 4 or 5 sigma, so nothing here is left to luck. */
#include "sample.h"

#include <fenv.h>
#include <math.h>

#include "config.h"
#include "test.h"

static struct thread self;

static void start_with(uint64_t mean, uint64_t seed)
{
	config.sample = mean;
	config.seed = seed;
	sample_start();
	self = (struct thread){.busy = false};
	thread_allowance = 0;
	sample_join(&self);
}

/* What a hook makes of a block. The guard is up if it hits. */
static bool hits(size_t size)
{
	if (sample_skips(size))
		return false;
	thread_guard(&self);
	if (sample_hits(&self, size))
		return true;
	thread_leave_slowly(&self);
	return false;
}

static void go_on(void)
{
	sample_draw(&self);
	assert_int_equal(thread_allowance, 0);
	thread_leave_slowly(&self);
	assert_int_equal(self.allowance, 0);
}

static double chance(uint64_t size)
{
	return -expm1(-(double)(size ? size : 1) / (double)sample_mean);
}

static uint64_t some_size(uint64_t *seed, double log_limit)
{
	return (uint64_t)exp2((double)test_below(seed, 1 << 20) / (1 << 20) * log_limit);
}

/* The error of the chance, as far as a weight shows it: bytes are s/p, and the variance is
 * s^2 (1-p)/p^2, which changes by s^2 (1/p + 2(1-p)/p^2) when p changes by itself. */
static double error_of_chance(uint64_t size)
{
	double s = (double)size, p = chance(size), rest = exp(-s / (double)sample_mean);
	struct weight weight = sample_weight(size, false);
	double off = fabs((double)weight.variance - s * s * rest / (p * p));

	assert_true(fabs((double)weight.bytes - s / p) <= 0.5 + 1e-12 * s / p);
	assert_true(fabs((double)weight.blocks - floor(1 / p)) <=
		    (fabs(rint(1 / p) - 1 / p) < 1e-3));
	assert_int_equal(sample_weight(size, true).blocks, weight.blocks + 1);
	assert_int_equal(sample_weight(size, true).bytes, weight.bytes);
	return (off > 1 ? off - 1 : 0) / (s * s * (1 / p + 2 * rest / (p * p)));
}

/* Whatever the program has set, and it does not see that anything was computed. */
static void leaves_the_rounding_alone(void **state)
{
	struct weight usual, rounded;

	(void)state;
	start_with(1 << 20, 1);
	usual = sample_weight(1000, false);
	feclearexcept(FE_ALL_EXCEPT);
	assert_int_equal(fesetround(FE_UPWARD), 0);
	rounded = sample_weight(1000, false);
	sample_is_heavier(&self, 1000);
	sample_draw(&self);
	assert_int_equal(fetestexcept(FE_ALL_EXCEPT), 0);
	assert_int_equal(fegetround(), FE_UPWARD);
	fesetround(FE_TONEAREST);
	assert_memory_equal(&usual, &rounded, sizeof(usual));
}

static void weighs_by_the_exact_chance(void **state)
{
	static const uint64_t means[] = {1 << 10, 1 << 16, 512 << 10, 1000003, 1 << 30};
	double worst = 0;
	uint64_t seed = 1;

	(void)state;
	for (unsigned m = 0; m < sizeof(means) / sizeof(*means); m++) {
		start_with(means[m], 1);
		for (unsigned i = 0; i < 100000; i++) {
			uint64_t size = i < 35 ? 1ull << i : some_size(&seed, 34);

			worst = fmax(worst, error_of_chance(size));
		}
	}
	print_message("worst relative error of a chance: %.1e\n", worst);
	assert_true(worst < 1e-12);
}

/* Bins that are equally likely. */
static void draws_exponential_distances(void **state)
{
	enum { BINS = 64, DRAWS = 2000000 };
	static uint64_t bins[BINS];
	double mean = 1 << 24, sum = 0, chi_square = 0;

	(void)state;
	start_with(1 << 24, 7);
	for (int i = 0; i < DRAWS; i++) {
		double distance;

		sample_draw(&self);
		distance = (double)self.allowance + 0.5;
		sum += distance;
		bins[(int)(-expm1(-distance / mean) * BINS)]++;
	}
	for (int i = 0; i < BINS; i++) {
		double off = (double)bins[i] - (double)DRAWS / BINS;

		chi_square += off * off / ((double)DRAWS / BINS);
	}
	print_message("mean distance %.5f T, chi-square %.1f of %d\n", sum / DRAWS / mean,
		      chi_square, BINS - 1);
	assert_true(fabs(sum / DRAWS / mean - 1) < 4 / sqrt(DRAWS));
	assert_true(fabs(chi_square - (BINS - 1)) < 4 * sqrt(2.0 * (BINS - 1)));
}

/* Each block is hit with its own chance, whatever came before it. */
static void hits_each_size_with_its_chance(void **state)
{
	static const size_t sizes[] = {0, 1, 100, 2048, 4096, 10000, 30000};
	enum { SIZES = 7, BLOCKS = 5000000 };
	uint64_t blocks[SIZES] = {0}, found[SIZES] = {0}, seed = 2;

	(void)state;
	start_with(4096, 11);
	for (int i = 0; i < BLOCKS; i++) {
		unsigned which = (unsigned)test_below(&seed, SIZES);

		blocks[which]++;
		if (!hits(sizes[which]))
			continue;
		found[which]++;
		go_on();
	}
	for (int i = 0; i < SIZES; i++) {
		double p = chance(sizes[i]), n = (double)blocks[i];

		assert_true(fabs((double)found[i] - n * p) < 4 * sqrt(n * p * (1 - p)) + 1e-9);
	}
}

/* What one run over the same blocks comes to. */
struct estimate {
	double bytes, blocks, variance;
};

static struct estimate estimate(unsigned count, uint64_t seed, uint64_t (*draw_size)(uint64_t *))
{
	struct estimate sum = {0, 0, 0};

	for (unsigned i = 0; i < count; i++) {
		uint64_t size = draw_size(&seed);
		struct weight weight;

		if (!hits(size))
			continue;
		weight = sample_weight(size, sample_is_heavier(&self, size));
		go_on();
		sum.bytes += (double)weight.bytes;
		sum.blocks += (double)weight.blocks;
		sum.variance += (double)weight.variance;
	}
	return sum;
}

/* Of `runs` numbers with this sum and sum of squares: whether the mean is off by no more than 4 of
 * its standard errors. */
static bool is_mean(double truth, double sum, double squares, double runs)
{
	double mean = sum / runs, variance = squares / runs - mean * mean;

	print_message("  truth %.1f, mean %.1f, sigma of the mean %.1f\n", truth, mean,
		      sqrt(variance / runs));
	return fabs(mean - truth) < 4 * sqrt(variance / runs);
}

static uint64_t small_and_large(uint64_t *seed)
{
	return some_size(seed, 15);
}

/* Where it matters that no weight is a whole number of blocks. */
static uint64_t about_the_distance(uint64_t *seed)
{
	return (4 << 10) + test_below(seed, 16 << 10);
}

static void check_estimates(uint64_t (*draw_size)(uint64_t *))
{
	enum { RUNS = 4000, COUNT = 2000 };
	double bytes = 0, bytes_squares = 0, blocks = 0, blocks_squares = 0, variances = 0;
	double truth = 0, mean, spread;
	uint64_t seed = 5;

	for (unsigned i = 0; i < COUNT; i++)
		truth += (double)draw_size(&seed);
	start_with(8 << 10, 13);
	for (int run = 0; run < RUNS; run++) {
		struct estimate got = estimate(COUNT, 5, draw_size);

		bytes += got.bytes;
		bytes_squares += got.bytes * got.bytes;
		blocks += got.blocks;
		blocks_squares += got.blocks * got.blocks;
		variances += got.variance;
	}
	assert_true(is_mean(truth, bytes, bytes_squares, RUNS));
	assert_true(is_mean(COUNT, blocks, blocks_squares, RUNS));
	/* The variance that is stated is the one there is. */
	mean = bytes / RUNS;
	spread = bytes_squares / RUNS - mean * mean;
	print_message("  sigma of a run %.0f, as stated %.0f\n", sqrt(spread),
		      sqrt(variances / RUNS));
	assert_true(fabs(spread / (variances / RUNS) - 1) < 5 * sqrt(2.0 / RUNS));
}

static void estimates_without_bias(void **state)
{
	(void)state;
	check_estimates(small_and_large);
	check_estimates(about_the_distance);
}

static uint64_t first_allowance(uint64_t seed)
{
	start_with(1 << 20, seed);
	sample_draw(&self);
	return self.allowance;
}

/* Whatever is left, such blocks are never passed on, and the rest is what it was. */
static void looks_closer_at_what_cannot_be(void **state)
{
	static const size_t sizes[] = {SIZE_MAX, SIZE_MAX - 4095, (size_t)1 << 63, PTRDIFF_MAX};

	(void)state;
	for (int i = 0; i < 4; i++) {
		thread_allowance = i < 2 ? 0 : 1000;
		assert_false(sample_skips(sizes[i]));
		assert_int_equal(thread_allowance, i < 2 ? 0 : 1000);
	}
}

static void draws_the_same_from_the_same_seed_only(void **state)
{
	uint64_t first, second;

	(void)state;
	first = first_allowance(3);
	second = first_allowance(4);
	assert_true(first_allowance(3) == first);
	assert_true(first != second);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(weighs_by_the_exact_chance),
		cmocka_unit_test(leaves_the_rounding_alone),
		cmocka_unit_test(draws_exponential_distances),
		cmocka_unit_test(hits_each_size_with_its_chance),
		cmocka_unit_test(estimates_without_bias),
		cmocka_unit_test(draws_the_same_from_the_same_seed_only),
		cmocka_unit_test(looks_closer_at_what_cannot_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
