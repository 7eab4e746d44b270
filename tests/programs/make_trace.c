/* SPDX-License-Identifier: MIT */
/*
 * make_trace FILE STACKS [PROGRAM]: writes a trace with so many distinct call stacks, to measure
 * what the analyzer costs. The frames lie at few addresses of PROGRAM (itself, if none is named),
 * as those of a real program do; each stack is DEPTH frames deep and shares its outer ones.
 */
#include <stdio.h>
#include <stdlib.h>

#include "trace_writer.h"

#define DEPTH      20
#define FAN_OUT    8      /* children of an inner node */
#define ADDRESSES  4096   /* distinct ones */
#define TEXT_START 0x8000 /* hoped to be code in PROGRAM */
#define MEMBERS    10     /* snapshots; each changes every site */

static uint64_t address_of(uint64_t id)
{
	return TEXT_START + id * UINT64_C(2654435761) % ADDRESSES * 16;
}

/* A chain of DEPTH - 6 frames, then a tree; its leaves are ids first_leaf and up. Returns the first
 * leaf. */
static uint64_t make_nodes(struct trace_writer *w, uint64_t stacks)
{
	uint64_t id = 1, level = 1, first = 0;

	for (; id <= DEPTH - 6; id++) {
		struct trace_node node = {id - 1, 1, address_of(id)};

		trace_nodes(w, id, &node, 1);
	}
	first = id - 1;
	while (level < stacks) {
		uint64_t next = level * FAN_OUT < stacks ? level * FAN_OUT : stacks;
		uint64_t begin = id;

		for (uint64_t i = 0; i < next; i++, id++) {
			struct trace_node node = {first + i * level / next, 1, address_of(id)};

			trace_nodes(w, id, &node, 1);
		}
		first = begin;
		level = next;
	}
	return first;
}

static void make_snapshot(struct trace_writer *w, uint64_t index, uint64_t first, uint64_t stacks)
{
	const uint64_t bytes = index * 100;
	const struct snapshot snapshot = {
		.index = index,
		.time_ns = index * 1000000000,
		.reason = HEAPMARK_REASON_INTERVAL,
		.flags = HEAPMARK_SNAPSHOT_PEAK_MOVED,
		.totals = {stacks * index, stacks * bytes, 0, 0, 0, stacks * index, stacks * bytes,
			   stacks * index, stacks * bytes, 0},
		.peak_time_ns = index * 1000000000,
		.threads = 1,
	};
	struct trace_site *sites = malloc(stacks * sizeof(*sites));

	for (uint64_t i = 0; sites && i < stacks; i++)
		sites[i] = (struct trace_site){
			first + i, 0, {index, bytes, 0, 0, 0, index, bytes, index, bytes, bytes}};
	trace_snapshot(w, &snapshot);
	if (sites)
		trace_sites(w, sites, stacks);
	free(sites);
}

int main(int argc, char **argv)
{
	struct trace_writer w;
	uint64_t stacks, first;

	if (argc < 3 || !(stacks = strtoull(argv[2], NULL, 10))) {
		fputs("usage: make_trace FILE STACKS [PROGRAM]\n", stderr);
		return 2;
	}
	trace_begin(&w);
	trace_module(&w, 1, HEAPMARK_MODULE_EXECUTABLE, argc > 3 ? argv[3] : "");
	first = make_nodes(&w, stacks);
	for (uint64_t i = 1; i <= MEMBERS; i++) {
		make_snapshot(&w, i, first, stacks);
		trace_member(&w);
	}
	trace_end(&w, UINT64_C(11000000000), HEAPMARK_END_EXIT, 0);
	trace_member(&w);
	trace_save(&w, argv[1]);
	trace_release(&w);
	return 0;
}
