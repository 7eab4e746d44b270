/* SPDX-License-Identifier: MIT */
/*
 * Makes traces for tests, straight from FORMAT.md and independent of the shim's encoder: a test
 *says which records a file holds, in which members, right or wrong.
 *
 *	struct trace_writer w;
 *
 *	trace_begin(&w);                      the magic, and a process called "app"
 *	trace_module(&w, 1, 0, "/bin/app");
 *	trace_nodes(&w, 1, nodes, 2);
 *	trace_snapshot(&w, &snapshot);
 *	trace_sites(&w, sites, 2);
 *	trace_member(&w);                     what was added becomes a gzip member
 *	... w.file ...
 *	trace_release(&w);
 */
#ifndef TESTS_TRACE_WRITER_H
#define TESTS_TRACE_WRITER_H

#include <stddef.h>
#include <stdint.h>

#include "heapmark/varint.h"
#include "model/profile.h"
#include "util/buffer.h"

struct trace_writer {
	struct buffer file;    /* whole members */
	struct buffer stream;  /* records of the member that is being made */
	struct buffer payload; /* of the record that is being made */
	unsigned type;
};

/* A frame as the format has it; its id is its place in the call. */
struct trace_node {
	uint64_t parent, module, offset;
};

/* A site after a snapshot. maximum_bytes 0 stands for the least there can be. */
struct trace_site {
	uint64_t node, domain;
	struct counters counters;
};

/* What a sampled trace says of a site's bytes. */
struct trace_estimate {
	uint64_t node, domain;
	uint64_t live_variance, peak_variance;
};

void trace_init(struct trace_writer *w);  /* nothing in it */
void trace_begin(struct trace_writer *w); /* init, magic, PROCESS, ARGUMENT, MACHINE, OPTION */
void trace_release(struct trace_writer *w);

/* Records of any kind: begin, add fields, end. */
void trace_record(struct trace_writer *w, unsigned type);
void trace_number(struct trace_writer *w, uint64_t number);
void trace_signed(struct trace_writer *w, int64_t number);
void trace_text(struct trace_writer *w, const char *text);
void trace_record_end(struct trace_writer *w);

void trace_magic(struct trace_writer *w, unsigned major, unsigned minor);
void trace_process(struct trace_writer *w, const char *executable);
void trace_module(struct trace_writer *w, uint64_t id, uint64_t flags, const char *path);
void trace_nodes(struct trace_writer *w, uint64_t first, const struct trace_node *nodes,
		 size_t count);
void trace_domain(struct trace_writer *w, uint64_t id, uint64_t kind, const char *name);
void trace_snapshot(struct trace_writer *w, const struct snapshot *snapshot);
void trace_sites(struct trace_writer *w, const struct trace_site *sites, size_t count);
void trace_sampling(struct trace_writer *w, uint64_t mean_bytes);
void trace_estimates(struct trace_writer *w, const struct trace_estimate *estimates, size_t count);
void trace_walks(struct trace_writer *w, const uint64_t figures[static 4]);
/* Kinds 1, 2, ... of REGIONS. */
void trace_regions(struct trace_writer *w, const struct region_sum *sums, size_t count);
void trace_end(struct trace_writer *w, uint64_t time_ns, uint64_t how, uint64_t status);

/* Compresses what was added since the last member. */
void trace_member(struct trace_writer *w);

/* Writes w->file to a file of this name; ends the program if it cannot. */
void trace_save(const struct trace_writer *w, const char *path);

/*
 * A small whole trace with known answers: two modules, a stack two lines deep in each of two
 * functions, a pool, three snapshots in three members. See trace_writer.c for the numbers.
 */
void trace_sample(struct trace_writer *w);

/* The same records in w->stream, not compressed. */
void trace_sample_stream(struct trace_writer *w);

/* Its modules and nodes alone. */
void trace_sample_nodes(struct trace_writer *w);

/* A trace of a sample, of the same frames, whose variances are known; see trace_sampled.c. Whole,
 * and not compressed. */
void trace_sampled(struct trace_writer *w);
void trace_sampled_stream(struct trace_writer *w);

/* The sample with names for some of its frames; see trace_symbolized.c. Whole, and not compressed;
 * the records of names alone; and one of them. */
void trace_symbolized(struct trace_writer *w);
void trace_symbolized_stream(struct trace_writer *w);
void trace_symbols(struct trace_writer *w);
void trace_symbolized_module(struct trace_writer *w, uint64_t module, uint64_t quality,
			     uint64_t why);

#endif
