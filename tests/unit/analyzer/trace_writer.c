/* SPDX-License-Identifier: MIT */
/* Writes traces for tests; see trace_writer.h. */
#include "trace_writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static void put_number(struct buffer *to, uint64_t number)
{
	uint8_t bytes[HEAPMARK_VARINT_MAX_BYTES];
	struct writer out = {bytes, bytes + sizeof(bytes), false};

	writer_varint(&out, number);
	buffer_append(to, bytes, (size_t)(out.at - bytes));
}

void trace_init(struct trace_writer *w)
{
	*w = (struct trace_writer){0};
}

void trace_release(struct trace_writer *w)
{
	buffer_release(&w->file);
	buffer_release(&w->stream);
	buffer_release(&w->payload);
}

void trace_record(struct trace_writer *w, unsigned type)
{
	w->type = type;
	w->payload.size = 0;
}

void trace_number(struct trace_writer *w, uint64_t number)
{
	put_number(&w->payload, number);
}

void trace_signed(struct trace_writer *w, int64_t number)
{
	put_number(&w->payload, zigzag_encode(number));
}

void trace_text(struct trace_writer *w, const char *text)
{
	put_number(&w->payload, strlen(text));
	buffer_append(&w->payload, text, strlen(text));
}

void trace_record_end(struct trace_writer *w)
{
	put_number(&w->stream, w->type);
	put_number(&w->stream, w->payload.size);
	buffer_append(&w->stream, w->payload.bytes, w->payload.size);
}

void trace_magic(struct trace_writer *w, unsigned major, unsigned minor)
{
	uint8_t version[] = {(uint8_t)major, (uint8_t)minor};

	buffer_append(&w->stream, HEAPMARK_MAGIC, HEAPMARK_MAGIC_BYTES);
	buffer_append(&w->stream, version, sizeof(version));
}

void trace_process(struct trace_writer *w, const char *executable)
{
	trace_record(w, HEAPMARK_REC_PROCESS);
	trace_number(w, 42); /* pid */
	trace_number(w, 1);  /* parent */
	trace_number(w, HEAPMARK_ORIGIN_START);
	trace_number(w, UINT64_C(1700000000123456789)); /* start */
	trace_number(w, 4096);                          /* page */
	trace_number(w, 7);                             /* session */
	trace_text(w, executable);
	trace_text(w, "/home/user");
	trace_record_end(w);
}

static void machine(struct trace_writer *w)
{
	trace_record(w, HEAPMARK_REC_MACHINE);
	trace_text(w, "x86_64");
	trace_text(w, "6.1.0");
	trace_text(w, "glibc 2.36");
	trace_number(w, 2);
	trace_number(w, UINT64_C(1) << 33);
	trace_text(w, "0.1.0");
	trace_record_end(w);
}

void trace_begin(struct trace_writer *w)
{
	trace_init(w);
	trace_magic(w, HEAPMARK_MAJOR, HEAPMARK_MINOR);
	trace_process(w, "/bin/app");
	trace_record(w, HEAPMARK_REC_ARGUMENT);
	trace_text(w, "./app");
	trace_record_end(w);
	trace_record(w, HEAPMARK_REC_ARGUMENT);
	trace_text(w, "--fast");
	trace_record_end(w);
	trace_record(w, HEAPMARK_REC_ENVIRONMENT);
	trace_text(w, "MALLOC_ARENA_MAX=1");
	trace_record_end(w);
	machine(w);
	trace_record(w, HEAPMARK_REC_OPTION);
	trace_text(w, "interval");
	trace_text(w, "1s");
	trace_record_end(w);
}

void trace_module(struct trace_writer *w, uint64_t id, uint64_t flags, const char *path)
{
	/* Without a build-id the analyzer takes a file that exists for the one that was recorded.
	 */
	bool is_made_up = strncmp(path, "/nowhere", 8) == 0;

	trace_record(w, HEAPMARK_REC_MODULE);
	trace_number(w, id);
	trace_number(w, flags);
	trace_number(w, id << 32);                       /* bias */
	trace_number(w, (id << 32) + 4096);              /* start */
	trace_number(w, 65536);                          /* bytes */
	trace_number(w, 0);                              /* time */
	trace_text(w, is_made_up ? "\x12\x34\xab" : ""); /* build-id */
	trace_text(w, path);
	trace_record_end(w);
}

void trace_nodes(struct trace_writer *w, uint64_t first, const struct trace_node *nodes,
		 size_t count)
{
	uint64_t offset = 0;

	trace_record(w, HEAPMARK_REC_NODES);
	trace_number(w, first);
	trace_number(w, count);
	for (size_t i = 0; i < count; i++) {
		trace_number(w, first + i - nodes[i].parent);
		trace_number(w, nodes[i].module);
		trace_signed(w, (int64_t)(nodes[i].offset - offset));
		offset = nodes[i].offset;
	}
	trace_record_end(w);
}

void trace_domain(struct trace_writer *w, uint64_t id, uint64_t kind, const char *name)
{
	trace_record(w, HEAPMARK_REC_DOMAIN);
	trace_number(w, id);
	trace_number(w, kind);
	trace_text(w, name);
	trace_record_end(w);
}

void trace_snapshot(struct trace_writer *w, const struct snapshot *s)
{
	const struct counters *c = &s->totals;
	const uint64_t before[] = {s->index, s->time_ns, s->reason, s->flags};
	const uint64_t after[] = {
		c->allocations,    c->allocated_bytes,  c->frees,
		c->reallocations,  c->temporary,        c->live_blocks,
		c->live_bytes,     c->peak_blocks,      c->peak_bytes,
		s->peak_time_ns,   s->peak_error_bytes, s->threads,
		s->resident_bytes,
	};

	trace_record(w, HEAPMARK_REC_SNAPSHOT);
	for (size_t i = 0; i < sizeof(before) / sizeof(*before); i++)
		trace_number(w, before[i]);
	trace_text(w, s->label ? s->label : "");
	for (size_t i = 0; i < sizeof(after) / sizeof(*after); i++)
		trace_number(w, after[i]);
	trace_record_end(w);
}

static void put_counters(struct trace_writer *w, const struct counters *c)
{
	uint64_t most = c->live_bytes > c->peak_bytes ? c->live_bytes : c->peak_bytes;

	trace_number(w, c->allocations);
	trace_number(w, c->allocated_bytes);
	trace_signed(w, (int64_t)(c->allocations - c->frees - c->live_blocks));
	trace_number(w, c->reallocations);
	trace_number(w, c->temporary);
	trace_number(w, c->live_blocks);
	trace_number(w, c->live_bytes);
	trace_signed(w, (int64_t)(c->peak_blocks - c->live_blocks));
	trace_signed(w, (int64_t)(c->peak_bytes - c->live_bytes));
	trace_number(w, c->maximum_bytes ? c->maximum_bytes - most : 0);
}

void trace_sites(struct trace_writer *w, const struct trace_site *sites, size_t count)
{
	uint64_t node = 0;

	trace_record(w, HEAPMARK_REC_SITES);
	trace_number(w, count);
	for (size_t i = 0; i < count; i++) {
		trace_number(w, sites[i].node - node);
		trace_number(w, sites[i].domain);
		put_counters(w, &sites[i].counters);
		node = sites[i].node;
	}
	trace_record_end(w);
}

void trace_sampling(struct trace_writer *w, uint64_t mean_bytes)
{
	trace_record(w, HEAPMARK_REC_SAMPLING);
	trace_number(w, mean_bytes);
	trace_record_end(w);
}

void trace_estimates(struct trace_writer *w, const struct trace_estimate *estimates, size_t count)
{
	uint64_t node = 0;

	trace_record(w, HEAPMARK_REC_ESTIMATES);
	trace_number(w, count);
	for (size_t i = 0; i < count; i++) {
		trace_number(w, estimates[i].node - node);
		trace_number(w, estimates[i].domain);
		trace_number(w, estimates[i].live_variance);
		trace_number(w, estimates[i].peak_variance);
		node = estimates[i].node;
	}
	trace_record_end(w);
}

void trace_regions(struct trace_writer *w, const struct region_sum *sums, size_t count)
{
	trace_record(w, HEAPMARK_REC_REGIONS);
	trace_number(w, count);
	for (size_t i = 0; i < count; i++) {
		trace_number(w, i + 1);
		trace_number(w, sums[i].bytes);
		trace_number(w, sums[i].resident_bytes);
	}
	trace_record_end(w);
}

void trace_walks(struct trace_writer *w, const uint64_t figures[static 4])
{
	trace_record(w, HEAPMARK_REC_WALKS);
	for (size_t i = 0; i < 4; i++)
		trace_number(w, figures[i]);
	trace_record_end(w);
}

void trace_end(struct trace_writer *w, uint64_t time_ns, uint64_t how, uint64_t status)
{
	trace_record(w, HEAPMARK_REC_END);
	trace_number(w, time_ns);
	trace_number(w, how);
	trace_number(w, status);
	trace_record_end(w);
}

static void die(const char *what)
{
	perror(what);
	exit(99);
}

void trace_member(struct trace_writer *w)
{
	z_stream zlib = {0};

	if (deflateInit2(&zlib, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		die("deflate");
	buffer_reserve(&w->file, deflateBound(&zlib, w->stream.size) + 64);
	zlib.next_in = w->stream.bytes;
	zlib.avail_in = (uInt)w->stream.size;
	zlib.next_out = w->file.bytes + w->file.size;
	zlib.avail_out = (uInt)(w->file.capacity - w->file.size);
	if (deflate(&zlib, Z_FINISH) != Z_STREAM_END)
		die("deflate");
	w->file.size += zlib.total_out;
	deflateEnd(&zlib);
	w->stream.size = 0;
}

void trace_save(const struct trace_writer *w, const char *path)
{
	FILE *file = fopen(path, "wb");

	if (!file || (w->file.size && fwrite(w->file.bytes, w->file.size, 1, file) != 1) ||
	    fclose(file) != 0)
		die(path);
}

/*
 * Nodes of the sample: 1 main (app), 2 main>work (app), 3 main>work>malloc (libc),
 * 4 main>main's other line (app), 5 a marker.
 * Sites: 3 in malloc, 4 in malloc, 4 in the pool, 5 in mmap.
 *
 *   snapshot  time   site 3       site 4      pool        live of kind 0   peak
 *   1         1 s    10 B / 1     -           -           10 / 1           10 / 1
 *   2 "mid"   2 s    100 B / 2    50 B / 1    -           150 / 3          150 / 3
 *   3         3 s    20 B / 1     50 B / 1    8 B / 1     78 / 3           160 / 4 (site 3: 110 /
 * 3)
 */
void trace_sample_nodes(struct trace_writer *w)
{
	const struct trace_node nodes[] = {
		{0, 1, 0x1100}, {1, 1, 0x1200}, {2, 2, 0x9000}, {1, 1, 0x1300}, {0, 0, 1},
	};

	trace_module(w, 1, HEAPMARK_MODULE_EXECUTABLE, "/nowhere/app");
	trace_module(w, 2, 0, "/nowhere/libc.so.6");
	trace_nodes(w, 1, nodes, sizeof(nodes) / sizeof(*nodes));
}

static void sample_first(struct trace_writer *w)
{
	const struct snapshot first = {
		.index = 1,
		.time_ns = 1000000000,
		.reason = HEAPMARK_REASON_INTERVAL,
		.flags = HEAPMARK_SNAPSHOT_PEAK_MOVED,
		.totals = {1, 10, 0, 0, 0, 1, 10, 1, 10, 0},
		.peak_time_ns = 500000000,
		.threads = 1,
	};
	const struct trace_site sites[] = {{3, 0, {1, 10, 0, 0, 0, 1, 10, 1, 10, 10}}};

	trace_snapshot(w, &first);
	trace_sites(w, sites, 1);
}

static void sample_second(struct trace_writer *w)
{
	const struct snapshot second = {
		.index = 2,
		.time_ns = 2000000000,
		.reason = HEAPMARK_REASON_API,
		.flags = HEAPMARK_SNAPSHOT_PEAK_MOVED,
		.label = "mid",
		.totals = {4, 160, 1, 0, 1, 3, 150, 3, 150, 0},
		.peak_time_ns = 2000000000,
		.threads = 1,
		.resident_bytes = 1 << 20,
	};
	const struct trace_site sites[] = {
		{3, 0, {3, 110, 1, 0, 1, 2, 100, 2, 100, 100}},
		{4, 0, {1, 50, 0, 0, 0, 1, 50, 1, 50, 50}},
		{5, 1, {1, 4096, 0, 0, 0, 1, 4096, 1, 4096, 4096}},
	};

	trace_snapshot(w, &second);
	trace_sites(w, sites, 3);
}

static void sample_third(struct trace_writer *w)
{
	const struct snapshot third = {
		.index = 3,
		.time_ns = 3000000000,
		.reason = HEAPMARK_REASON_EXIT,
		.flags = HEAPMARK_SNAPSHOT_PEAK_MOVED,
		.totals = {6, 178, 3, 0, 1, 3, 78, 4, 160, 0},
		.peak_time_ns = 2500000000,
		.threads = 2,
	};
	const struct trace_site sites[] = {
		{3, 0, {4, 120, 3, 0, 1, 1, 20, 3, 110, 110}},
		{4, 3, {1, 8, 0, 0, 0, 1, 8, 0, 0, 8}},
	};

	trace_domain(w, 3, HEAPMARK_KIND_ASKED, "pool:nodes");
	trace_snapshot(w, &third);
	trace_sites(w, sites, 2);
}

static void sample_rest(struct trace_writer *w)
{
	trace_record(w, HEAPMARK_REC_TIMELINE);
	trace_number(w, 2);
	trace_number(w, 100);
	trace_signed(w, 10);
	trace_signed(w, 1);
	trace_signed(w, 4096);
	trace_number(w, 50);
	trace_signed(w, -5);
	trace_signed(w, 0);
	trace_signed(w, 4096);
	trace_record_end(w);
	trace_record(w, HEAPMARK_REC_LOSSES);
	trace_number(w, 1);
	trace_number(w, HEAPMARK_LOSS_UNKNOWN_FREE);
	trace_number(w, 5);
	trace_record_end(w);
	trace_record(w, HEAPMARK_REC_COST);
	for (unsigned i = 1; i <= 5; i++)
		trace_number(w, i * 1000);
	trace_record_end(w);
	trace_end(w, 3100000000, HEAPMARK_END_EXIT, 3);
}

void trace_sample_stream(struct trace_writer *w)
{
	trace_begin(w);
	trace_sample_nodes(w);
	sample_first(w);
	sample_second(w);
	sample_third(w);
	sample_rest(w);
}

void trace_sample(struct trace_writer *w)
{
	trace_begin(w);
	trace_sample_nodes(w);
	sample_first(w);
	trace_member(w);
	sample_second(w);
	trace_member(w);
	sample_third(w);
	sample_rest(w);
	trace_member(w);
}
