/* SPDX-License-Identifier: MIT */
/* A trace of a sample, with known variances; see trace_writer.h. */
#include "trace_writer.h"

/*
 * The sampled trace: the nodes of the sample, bytes and their standard deviations, in thousands.
 *
 *   snapshot  site 3      site 4      of the peak: site 3   site 4        mmap (exact)
 *   1         1000 ±500   -           1000 ±500             -             -
 *   2         4000 ±1000  3000 ±300   5000 ±1000            2500 ±200     4
 *   3         200 ±200    unchanged   5000 ±1200            3000 ±300     4
 *
 * The peak moved before each; before the third to what site 4 had all the time, so that neither
 * record lists it there.
 */
static void sampled_first(struct trace_writer *w)
{
	const struct snapshot first = {
		.index = 1,
		.time_ns = 1000000000,
		.reason = HEAPMARK_REASON_INTERVAL,
		.flags = HEAPMARK_SNAPSHOT_PEAK_MOVED,
		.totals = {100, 1000000, 0, 0, 0, 100, 1000000, 100, 1000000, 0},
		.peak_time_ns = 900000000,
		.threads = 1,
	};
	const struct trace_site site = {
		3, 0, {100, 1000000, 0, 0, 0, 100, 1000000, 100, 1000000, 0}};
	const struct trace_estimate estimate = {3, 0, 250000000000, 250000000000};

	trace_snapshot(w, &first);
	trace_sites(w, &site, 1);
	trace_estimates(w, &estimate, 1);
}

static void sampled_second(struct trace_writer *w)
{
	const struct snapshot second = {
		.index = 2,
		.time_ns = 2000000000,
		.reason = HEAPMARK_REASON_PEAK,
		.flags = HEAPMARK_SNAPSHOT_PEAK_MOVED,
		.totals = {800, 8000000, 100, 0, 0, 700, 7000000, 750, 7500000, 0},
		.peak_time_ns = 1900000000,
		.threads = 1,
	};
	const struct trace_site sites[] = {
		{3, 0, {500, 5000000, 100, 0, 0, 400, 4000000, 500, 5000000, 0}},
		{4, 0, {300, 3000000, 0, 0, 0, 300, 3000000, 250, 2500000, 0}},
		{5, 1, {1, 4096, 0, 0, 0, 1, 4096, 1, 4096, 0}},
	};
	const struct trace_estimate estimates[] = {
		{3, 0, 1000000000000, 1000000000000},
		{4, 0, 90000000000, 40000000000},
	};

	trace_snapshot(w, &second);
	trace_sites(w, sites, 3);
	trace_estimates(w, estimates, 2);
}

static void sampled_third(struct trace_writer *w)
{
	const struct snapshot third = {
		.index = 3,
		.time_ns = 3000000000,
		.reason = HEAPMARK_REASON_EXIT,
		.flags = HEAPMARK_SNAPSHOT_PEAK_MOVED,
		.totals = {900, 9000000, 580, 0, 0, 320, 3200000, 800, 8000000, 0},
		.peak_time_ns = 2500000000,
		.peak_error_bytes = 24576,
		.threads = 2,
	};
	const struct trace_site site = {
		3, 0, {600, 6000000, 580, 0, 0, 20, 200000, 500, 5000000, 0}};
	const struct trace_estimate estimate = {3, 0, 40000000000, 1440000000000};
	const uint64_t walks[] = {1300, 20, 100, 3};

	trace_snapshot(w, &third);
	trace_sites(w, &site, 1);
	trace_estimates(w, &estimate, 1);
	trace_walks(w, walks);
	trace_end(w, 3100000000, HEAPMARK_END_EXIT, 0);
}

static void sampled_head(struct trace_writer *w)
{
	trace_begin(w);
	trace_sampling(w, 65536);
	trace_domain(w, HEAPMARK_DOMAIN_MALLOC, HEAPMARK_KIND_ASKED, "malloc");
	trace_domain(w, HEAPMARK_DOMAIN_MMAP, HEAPMARK_KIND_STORAGE, "mmap");
	trace_sample_nodes(w);
}

void trace_sampled_stream(struct trace_writer *w)
{
	sampled_head(w);
	sampled_first(w);
	sampled_second(w);
	sampled_third(w);
}

void trace_sampled(struct trace_writer *w)
{
	sampled_head(w);
	sampled_first(w);
	trace_member(w);
	sampled_second(w);
	trace_member(w);
	sampled_third(w);
	trace_member(w);
}
