/* SPDX-License-Identifier: MIT */
/* make-extreme FILE: writes a trace of what is rare: more blocks than Python can take one by one,
 * stacks of heapmark's own frames alone, without any frame, deep ones; modules without a file. */
#include <stdio.h>

#include "trace_writer.h"

#define DEPTH 90 /* perl warns of a recursion of a hundred */

enum { NOWHERE, PROGRAM, SHIM, VDSO, NO_FILE };

static void nodes(struct trace_writer *w)
{
	struct trace_node nodes[DEPTH] = {
		{0, PROGRAM, 0x1100},
		{1, PROGRAM, 0x1110},
		{2, PROGRAM, 0x1110}, /* calls itself */
		{0, SHIM, 0x1050},
		{3, SHIM, 0x1050},
		{0, NOWHERE, HEAPMARK_MARKER_UNKNOWN},
		{6, NOWHERE, 0x7f0000},
		{0, NOWHERE, HEAPMARK_MARKER_TRUNCATED},
		{8, VDSO, 0x1060},
		{9, NO_FILE, 0x1070},
	};

	for (size_t i = 10; i < DEPTH; i++)
		nodes[i] = (struct trace_node){i, PROGRAM, 0x1200 + 16 * (i % 20)};
	trace_nodes(w, 1, nodes, DEPTH);
}

/* A site with all it ever allocated live, now and at the peak. */
static struct trace_site site(uint64_t node, uint64_t domain, uint64_t blocks, uint64_t bytes)
{
	return (struct trace_site){
		node, domain, {blocks, bytes, 0, 0, 0, blocks, bytes, blocks, bytes, 0}};
}

static void add(struct counters *to, const struct counters *more)
{
	to->allocations += more->allocations;
	to->allocated_bytes += more->allocated_bytes;
	to->live_blocks += more->live_blocks;
	to->live_bytes += more->live_bytes;
	to->peak_blocks += more->peak_blocks;
	to->peak_bytes += more->peak_bytes;
}

static void snapshot(struct trace_writer *w)
{
	const struct trace_site sites[] = {
		site(1, HEAPMARK_DOMAIN_MMAP, 1, 1 << 20),
		site(2, HEAPMARK_DOMAIN_MALLOC, UINT64_C(1) << 33, (UINT64_C(1) << 40) + 7),
		site(3, HEAPMARK_DOMAIN_MALLOC, UINT64_C(30) << 30, UINT64_C(31) << 30),
		site(4, HEAPMARK_DOMAIN_MALLOC, 5, 55),
		site(5, HEAPMARK_DOMAIN_MALLOC, 1, 1),
		site(5, 3, 2, 222),
		site(7, HEAPMARK_DOMAIN_MALLOC, 3, 0),
		site(10, HEAPMARK_DOMAIN_MALLOC, 1, UINT64_C(1) << 35),
		site(DEPTH, HEAPMARK_DOMAIN_MALLOC, 1000, UINT64_C(1) << 34),
	};
	const size_t count = sizeof(sites) / sizeof(*sites);
	struct snapshot end = {
		.index = 1,
		.time_ns = 3000000,
		.reason = HEAPMARK_REASON_EXIT,
		.flags = HEAPMARK_SNAPSHOT_PEAK_MOVED,
		.peak_time_ns = 2000000,
		.threads = 1,
	};

	for (size_t i = 1; i < count; i++)
		add(&end.totals, &sites[i].counters);
	trace_snapshot(w, &end);
	trace_sites(w, sites, count);
}

int main(int argc, char **argv)
{
	struct trace_writer w;

	if (argc != 2) {
		fputs("usage: make-extreme FILE\n", stderr);
		return 2;
	}
	trace_begin(&w);
	trace_module(&w, PROGRAM, HEAPMARK_MODULE_EXECUTABLE, "/nowhere/app");
	trace_module(&w, SHIM, HEAPMARK_MODULE_SHIM, "/nowhere/libheapmark.so");
	trace_module(&w, VDSO, HEAPMARK_MODULE_VDSO, "");
	trace_module(&w, NO_FILE, 0, "");
	trace_domain(&w, 3, HEAPMARK_KIND_ASKED, "pool:a;b,\"c\"");
	nodes(&w);
	snapshot(&w);
	trace_end(&w, 3000000, HEAPMARK_END_EXIT, 0);
	trace_member(&w);
	trace_save(&w, argv[1]);
	trace_release(&w);
	return 0;
}
