/* SPDX-License-Identifier: MIT */
/* seeds DIRECTORY: writes inputs for the fuzz target from which others are made: a trace of every
 * block, one of a sample, a symbolized one, and one with what those do not have, in each of the
 * ways that the target reads. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "trace_writer.h"

static void seed(const char *directory, const char *name, uint8_t how, const struct buffer *bytes)
{
	struct trace_writer w;
	char path[4096];

	trace_init(&w);
	buffer_append(&w.file, &how, 1);
	buffer_append(&w.file, bytes->bytes, bytes->size);
	snprintf(path, sizeof(path), "%s/%s", directory, name);
	trace_save(&w, path);
	trace_release(&w);
}

/* One trace, whole and as a stream. */
static void seeds(const char *directory, const char *name, void (*make)(struct trace_writer *w),
		  void (*make_stream)(struct trace_writer *w))
{
	struct trace_writer file, stream;
	char path[64];

	make(&file);
	make_stream(&stream);
	for (unsigned how = 0; how < 6; how++) {
		snprintf(path, sizeof(path), "%s-file-%u", name, how);
		seed(directory, path, (uint8_t)how, &file.file);
	}
	snprintf(path, sizeof(path), "%s-stream", name);
	seed(directory, path, 0x40, &stream.stream);
	for (unsigned how = 0x80; how <= 0xff; how += 3) {
		snprintf(path, sizeof(path), "%s-report-%02x", name, how);
		seed(directory, path, (uint8_t)how, &stream.stream);
	}
	trace_release(&file);
	trace_release(&stream);
}

/* A record of a kind that no version has, and an END that a failed exec takes back. */
static void rare_records(struct trace_writer *w)
{
	trace_record(w, 1000);
	trace_text(w, "of a later version");
	trace_record_end(w);
	trace_record(w, HEAPMARK_REC_MODULE_GONE);
	trace_number(w, 2);
	trace_number(w, 1500000000);
	trace_record_end(w);
	trace_record(w, HEAPMARK_REC_LOSSES);
	trace_number(w, 2);
	trace_number(w, HEAPMARK_LOSS_STACK_TRUNCATED);
	trace_number(w, 5);
	trace_number(w, 999); /* unknown, too */
	trace_number(w, 7);
	trace_record_end(w);
	trace_record(w, HEAPMARK_REC_COST);
	for (unsigned i = 1; i <= 7; i++)
		trace_number(w, i * 1000);
	trace_record_end(w);
	trace_end(w, 1600000000, HEAPMARK_END_EXEC, 0);
	trace_record(w, HEAPMARK_REC_MERGED);
	for (unsigned i = 1; i <= 13; i++)
		trace_number(w, i);
	trace_text(w, "/bin/app");
	trace_record_end(w);
}

/* Two snapshots, the second with a site below what was inherited over a fork. */
static void rare_stream(struct trace_writer *w)
{
	const struct snapshot first = {
		.index = 1,
		.time_ns = 1000000000,
		.reason = HEAPMARK_REASON_START,
		.totals = {0, 0, 0, 0, 0, 2, 64, 2, 64, 0},
		.threads = 1,
	};
	const struct snapshot second = {
		.index = 2,
		.time_ns = 2000000000,
		.reason = HEAPMARK_REASON_EXIT,
		.label = "after all",
		.totals = {1, 8, 2, 1, 0, 1, 8, 2, 64, 0},
		.peak_time_ns = 1000000000,
		.threads = 1,
	};
	const struct trace_site inherited = {3, 0, {0, 0, 0, 0, 0, 2, 64, 2, 64, 64}};
	const struct trace_site left[] = {
		{3, 0, {0, 0, 2, 0, 0, 0, 0, 2, 64, 64}},
		{4, 0, {1, 8, 0, 1, 0, 1, 8, 0, 0, 8}},
	};

	trace_begin(w);
	trace_domain(w, HEAPMARK_DOMAIN_MALLOC, HEAPMARK_KIND_ASKED, "malloc");
	trace_sample_nodes(w);
	trace_snapshot(w, &first);
	trace_sites(w, &inherited, 1);
	rare_records(w);
	trace_snapshot(w, &second);
	trace_sites(w, left, 2);
	trace_end(w, 2100000000, HEAPMARK_END_SIGNAL, 9);
}

static void rare(struct trace_writer *w)
{
	rare_stream(w);
	trace_member(w);
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fputs("usage: seeds DIRECTORY\n", stderr);
		return 2;
	}
	mkdir(argv[1], 0777);
	seeds(argv[1], "sample", trace_sample, trace_sample_stream);
	seeds(argv[1], "sampled", trace_sampled, trace_sampled_stream);
	seeds(argv[1], "symbolized", trace_symbolized, trace_symbolized_stream);
	seeds(argv[1], "rare", rare, rare_stream);
	return 0;
}
