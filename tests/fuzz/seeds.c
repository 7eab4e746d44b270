/* SPDX-License-Identifier: MIT */
/* seeds DIRECTORY: writes inputs for the fuzz target from which others are made: the sample trace
 * in each of the ways that the target reads. */
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

int main(int argc, char **argv)
{
	struct trace_writer file, stream;
	char name[64];

	if (argc != 2) {
		fputs("usage: seeds DIRECTORY\n", stderr);
		return 2;
	}
	mkdir(argv[1], 0777);
	trace_sample(&file);
	trace_sample_stream(&stream);
	for (unsigned how = 0; how < 6; how++) {
		snprintf(name, sizeof(name), "file-%u", how);
		seed(argv[1], name, (uint8_t)how, &file.file);
	}
	seed(argv[1], "stream", 0x40, &stream.stream);
	for (unsigned how = 0x80; how < 0xa0; how += 3) {
		snprintf(name, sizeof(name), "report-%02x", how);
		seed(argv[1], name, (uint8_t)how, &stream.stream);
	}
	trace_release(&file);
	trace_release(&stream);
	return 0;
}
