/* SPDX-License-Identifier: MIT */
/* seeds DIRECTORY: writes inputs for the fuzz target from which others are made: a trace of every
 * block and one of a sample, in each of the ways that the target reads. */
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
	for (unsigned how = 0x80; how < 0xa0; how += 3) {
		snprintf(path, sizeof(path), "%s-report-%02x", name, how);
		seed(directory, path, (uint8_t)how, &stream.stream);
	}
	trace_release(&file);
	trace_release(&stream);
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
	return 0;
}
