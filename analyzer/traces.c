/* SPDX-License-Identifier: MIT */
/* A directory is merged into memory and read from there; see traces.h. */
#include "traces.h"

#include <stdio.h>
#include <stdlib.h>

#include "load.h"
#include "merge_traces.h"
#include "util/memory.h"
#include "write/profile.h"

static int load_merged(struct profile *profile, const struct profile *merged, const char *when,
		       const struct window_names *window, struct error *err)
{
	struct trace_file file;
	struct records records;
	int ret;

	trace_file_begin_in_memory(&file);
	records_init(&records, &file);
	profile_write(&records, merged);
	records_release(&records);
	ret = load_bytes(profile, file.held.bytes, file.held.size, when, window, err);
	trace_file_release(&file);
	return ret;
}

int traces_load(struct profile *profile, const char *argument, const char *default_when,
		const struct window_names *window, struct error *err)
{
	const char *when;
	struct merge merge;
	FILE *left_out;
	size_t bytes;
	char *path, *said;
	int ret;

	if (load_argument(profile, argument, default_when, &when, err) < 0)
		return -1;
	if (!is_directory(profile->path))
		return load_file(profile, when, window, err);
	left_out = open_memstream(&said, &bytes);
	if (!left_out)
		die_oom();
	merge_init(&merge);
	path = (char *)profile->path;
	ret = merge_traces(&merge, &path, 1, NULL, left_out, err);
	if (ret == 0)
		ret = load_merged(profile, &merge.result, when, window, err);
	merge_release(&merge);
	fclose(left_out);
	profile->left_out = strings_text(&profile->strings, said);
	free(said);
	return ret;
}
