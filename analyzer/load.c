/* SPDX-License-Identifier: MIT */
/* Opens, chooses the moment, decodes; see load.h. */
#include "load.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "decode.h"
#include "input.h"
#include "util/human.h"
#include "util/memory.h"
#include "util/progress.h"

static int decode_all(struct input *input, struct profile *profile, bool headers_only,
		      struct error *err)
{
	struct decoder decoder;
	struct progress progress;
	int ret;

	progress_begin(&progress);
	decoder_init(&decoder, profile, headers_only);
	while ((ret = input_next(input, err)) > 0) {
		if (progress_is_due(&progress))
			progress_show(&progress, "reading %.32s: %" PRIu64 " %%",
				      path_base(profile->path),
				      100 * input->member_start / input->file_bytes);
		ret = decoder_member(&decoder, input->member.bytes, input->member.size, err);
		if (ret < 0)
			break;
	}
	profile->file_bytes = input->file_bytes;
	if (input->cut) {
		profile->is_cut = true;
		profile->original_bytes = 0;
		profile->cut_offset = input->member_start;
	}
	if (ret == 0)
		ret = decoder_end(&decoder, err);
	decoder_release(&decoder);
	progress_end(&progress);
	return ret;
}

/* What is asked for of a trace. */
struct request {
	const char *when;
	const struct window_names *window; /* may be NULL */
};

/* Reads only the headers of the snapshots, to see which of them are meant. */
static int find_snapshots(struct input *input, struct profile *profile,
			  const struct request *request, struct error *err)
{
	struct profile headers;
	int ret;

	profile_init(&headers);
	headers.path = profile->path;
	ret = decode_all(input, &headers, true, err);
	if (ret == 0 && !moment_parse(request->when, &profile->moment))
		ret = moment_find(request->when, &headers, &profile->moment, err);
	if (ret == 0 && window_is_asked(request->window))
		ret = window_find(request->window, &headers, &profile->moment, &profile->window,
				  err);
	profile_release(&headers);
	return ret < 0 ? ret : input_rewind(input, err);
}

static int load(struct profile *profile, struct input *input, const struct request *request,
		struct error *err)
{
	bool is_known = moment_parse(request->when, &profile->moment);

	if ((!is_known || window_is_asked(request->window)) &&
	    find_snapshots(input, profile, request, err) < 0)
		return -1;
	return decode_all(input, profile, false, err);
}

/* Where WHEN begins in the argument: behind the last @, unless the whole is a file's name. NULL if
 * there is none. */
static const char *find_when(const char *argument)
{
	const char *at = strrchr(argument, '@');

	if (!at || access(argument, F_OK) == 0)
		return NULL;
	return at + 1;
}

int load_argument(struct profile *profile, const char *argument, const char *default_when,
		  const char **when, struct error *err)
{
	const char *given = find_when(argument);
	size_t length = given ? (size_t)(given - argument) - 1 : strlen(argument);

	*when = given ? given : default_when ? default_when : "end";
	profile->path = strings_intern(&profile->strings, argument, length);
	if (given && !default_when)
		return error_set(err, "this command reads whole traces: leave out @%s", given);
	if (given && !*given)
		return error_set(err,
				 "%s: a moment must follow the @, such as @peak, @end, @2, @1.5s "
				 "or @label",
				 argument);
	return 0;
}

int load_file(struct profile *profile, const char *when, const struct window_names *window,
	      struct error *err)
{
	struct input input = INPUT_INIT;
	struct request request = {when, window};
	int ret = input_open(&input, profile->path, err);

	if (ret == 0)
		ret = load(profile, &input, &request, err);
	input_release(&input);
	return ret;
}

int load_trace(struct profile *profile, const char *argument, const char *default_when,
	       const struct window_names *window, struct error *err)
{
	const char *when;

	if (load_argument(profile, argument, default_when, &when, err) < 0)
		return -1;
	return load_file(profile, when, window, err);
}

int load_input(struct profile *profile, struct input *input, const char *argument,
	       struct error *err)
{
	struct request request = {.when = NULL};

	if (load_argument(profile, argument, NULL, &request.when, err) < 0 ||
	    input_open(input, profile->path, err) < 0)
		return -1;
	return load(profile, input, &request, err);
}

int load_again(struct profile *profile, const char *path, uint64_t bytes, struct error *err)
{
	struct input input = INPUT_INIT;
	int ret;

	profile->path = strings_text(&profile->strings, path);
	ret = input_open(&input, profile->path, err);
	if (ret == 0 && input.file_bytes > bytes)
		input.file_bytes = bytes;
	if (ret == 0)
		ret = decode_all(&input, profile, false, err);
	input_release(&input);
	return ret;
}

int load_bytes(struct profile *profile, const uint8_t *image, size_t bytes, const char *when,
	       const struct window_names *window, struct error *err)
{
	struct input input = INPUT_INIT;
	struct request request = {when, window};
	int ret;

	ret = input_open_image(&input, profile->path, image, bytes, err);
	if (ret == 0)
		ret = load(profile, &input, &request, err);
	input_release(&input);
	return ret;
}

int load_image(struct profile *profile, const uint8_t *image, size_t bytes, const char *when,
	       struct error *err)
{
	profile->path = "image";
	return load_bytes(profile, image, bytes, when, NULL, err);
}

static void warn_incomplete(FILE *to, const struct profile *profile)
{
	char until[HUMAN_BYTES];

	human_duration(until, profile_duration_ns(profile));
	if (!profile->is_cut && profile_is_merged(profile))
		fprintf(to,
			"heapmark: %s: not all of its %zu processes ended in an orderly way; of "
			"those "
			"that were killed or still running it holds what their traces did\n",
			profile->path, profile->merged_count);
	else if (profile->is_cut && profile->original_bytes)
		fprintf(to,
			"heapmark: %s is a copy of a trace that was cut at byte %" PRIu64
			" (the member at byte %" PRIu64
			" was not whole): it was still being written, or the program was killed or "
			"the disk was full; the data goes up to %s\n",
			profile->path, profile->original_bytes, profile->cut_offset, until);
	else if (profile->is_cut)
		fprintf(to,
			"heapmark: %s is cut at byte %" PRIu64 " (the member at byte %" PRIu64
			" is not whole): it was still being written, or the program was killed or "
			"the disk was full; the data goes up to %s\n",
			profile->path, profile->file_bytes, profile->cut_offset, until);
	else
		fprintf(to,
			"heapmark: %s has no end: the program was killed or is still running; the "
			"data goes up to %s\n",
			profile->path, until);
}

static void warn_mismatch(FILE *to, const struct profile *profile)
{
	const struct mismatch *m = &profile->mismatch;
	char difference[HUMAN_BYTES];

	human_count_diff(difference, (int64_t)(m->sum - m->total));
	fprintf(to,
		"heapmark: %s: the sites' sum of %s differs from the totals by %s in snapshot "
		"%" PRIu64 "; %" PRIu64 " of %zu snapshots are inconsistent\n",
		profile->path, m->what, difference, m->snapshot_index, profile->mismatch_count,
		profile->snapshot_count);
}

void load_warn_to(FILE *to, const struct profile *profile)
{
	if (!profile_is_complete(profile))
		warn_incomplete(to, profile);
	if (profile->mismatch_count)
		warn_mismatch(to, profile);
}

void load_warn(const struct profile *profile)
{
	progress_clear();
	if (profile->left_out)
		fputs(profile->left_out, stderr);
	load_warn_to(stderr, profile);
}
