/* SPDX-License-Identifier: MIT */
/* Processes in words; see text_merged.h. */
#include "report/text_merged.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "report/text_head.h"
#include "util/buffer.h"
#include "util/human.h"
#include "util/memory.h"

#define MOST_WAYS 4 /* to end, that are told apart */

/* How one of them ended; the caller frees it. */
static char *end_of(const struct merged_process *merged)
{
	if (merged->is_cut)
		return xstrdup("cut");
	return merged->end.seen ? text_end_of(&merged->end) : xstrdup("without an end");
}

static bool is_same_end(const struct merged_process *a, const struct merged_process *b)
{
	return a->is_cut == b->is_cut && a->end.seen == b->end.seen && a->end.how == b->end.how &&
	       a->end.status == b->end.status;
}

/* How many ended as process `index` did; 0 if an earlier one did, too. */
static size_t count_alike(const struct profile *profile, size_t index)
{
	size_t count = 0;

	for (size_t i = 0; i < profile->merged_count; i++) {
		if (!is_same_end(&profile->merged[i], &profile->merged[index]))
			continue;
		if (i < index)
			return 0;
		count++;
	}
	return count;
}

static void append_way(struct buffer *text, size_t count, char *way_take)
{
	char *part = xasprintf("%s%zu %s", text->size ? ", " : "", count, way_take);

	buffer_append(text, part, strlen(part));
	free(part);
	free(way_take);
}

char *text_merged_end(const struct profile *profile)
{
	struct buffer text = BUFFER_INIT;
	size_t told = 0, ways = 0;

	for (size_t i = 0; i < profile->merged_count && ways < MOST_WAYS; i++) {
		size_t count = count_alike(profile, i);

		if (!count)
			continue;
		append_way(&text, count, end_of(&profile->merged[i]));
		told += count;
		ways++;
	}
	if (told < profile->merged_count)
		append_way(&text, profile->merged_count - told, xstrdup("otherwise"));
	buffer_append(&text, "", 1);
	return (char *)text.bytes;
}

void text_merged(struct out *out, const struct profile *profile)
{
	char start[HUMAN_BYTES], duration[HUMAN_BYTES], peak[HUMAN_BYTES], live[HUMAN_BYTES];

	out_printf(out, "\nprocesses\n%9s %12s %12s %11s %11s  %s\n", "pid", "start", "duration",
		   "peak", "at the end", "program, and how it ended");
	for (size_t i = 0; i < profile->merged_count; i++) {
		const struct merged_process *merged = &profile->merged[i];
		uint64_t since = merged->process.start_unix_ns - profile->process.start_unix_ns;
		char *end = end_of(merged);

		out_printf(
			out, "%9" PRIu64 " %12s %12s %11s %11s  ", merged->process.pid,
			human_duration(start, since), human_duration(duration, merged->duration_ns),
			human_size(peak, merged->peak_bytes), human_size(live, merged->live_bytes));
		text_printable(out, merged->process.executable);
		out_printf(out, ", %s\n", end);
		free(end);
	}
}
