/* SPDX-License-Identifier: MIT */
/* The head of text reports; see text_head.h. */
#include "report/text_head.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "report/estimate_text.h"
#include "report/losses.h"
#include "report/sparkline.h"
#include "report/text_merged.h"
#include "util/buffer.h"
#include "util/human.h"
#include "util/memory.h"
#include "util/utf8.h"

#define COMMAND_COLUMNS 200

void text_printable(struct out *out, const char *text)
{
	char *printable = utf8_printable(text);

	out_text(out, printable);
	free(printable);
}

void text_fact(struct out *out, const char *label, const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	out_printf(out, "  %-11s ", label);
	text_printable(out, text);
	out_text(out, "\n");
}

const char *text_date(char *text, uint64_t unix_ns)
{
	time_t seconds = (time_t)(unix_ns / 1000000000);
	struct tm local;

	if (!localtime_r(&seconds, &local) || !strftime(text, 32, "%Y-%m-%d %H:%M:%S", &local))
		strcpy(text, "at an unknown time");
	return text;
}

char *text_command(const struct profile *profile)
{
	struct buffer joined = BUFFER_INIT;
	char *printable;

	for (size_t i = 0; i < profile->arguments.count; i++) {
		const char *argument = profile->arguments.items[i];

		if (i)
			buffer_append(&joined, " ", 1);
		buffer_append(&joined, argument, strlen(argument));
		if (joined.size > COMMAND_COLUMNS)
			break;
	}
	if (joined.size > COMMAND_COLUMNS) {
		joined.size = COMMAND_COLUMNS;
		buffer_append(&joined, " ...", 4);
	}
	buffer_append(&joined, "", 1);
	printable = utf8_printable((const char *)joined.bytes);
	buffer_release(&joined);
	return printable;
}

char *text_end_of(const struct end *end)
{
	static const char *const calls[] = {[HEAPMARK_END_EXIT] = "exited",
					    [HEAPMARK_END_EXIT_NOW] = "left by _exit()",
					    [HEAPMARK_END_QUICK_EXIT] = "left by quick_exit()"};

	if (end->how == HEAPMARK_END_EXEC)
		return xstrdup("executed another program");
	if (end->how == HEAPMARK_END_SIGNAL)
		return xasprintf("killed by signal %" PRIu64 " (%s)", end->status,
				 end->status < 65 ? strsignal((int)end->status) : "unknown");
	return xasprintf("%s with status %" PRIu64,
			 end->how < sizeof(calls) / sizeof(*calls) && calls[end->how]
				 ? calls[end->how]
				 : "ended",
			 end->status);
}

char *text_end(const struct profile *profile)
{
	char until[HUMAN_BYTES];

	if (profile_is_complete(profile))
		return text_end_of(&profile->end);
	human_duration(until, profile_duration_ns(profile));
	return xasprintf("cut: the program was killed or is still running; data up to %s", until);
}

static void run(struct out *out, const struct profile *profile)
{
	char date[32], duration[HUMAN_BYTES], count[HUMAN_BYTES], who[HUMAN_BYTES];
	uint64_t threads = profile_last(profile) ? profile_last(profile)->threads : 0;
	bool is_merged = profile_is_merged(profile);
	char *end = is_merged ? text_merged_end(profile) : text_end(profile);

	snprintf(who, sizeof(who), "pid %" PRIu64, profile->process.pid);
	if (is_merged)
		human_items(who, profile->merged_count, "process");
	text_fact(out, "recorded", "%s, for %s; %s%s, %s",
		  text_date(date, profile->process.start_unix_ns),
		  human_duration(duration, profile_duration_ns(profile)),
		  is_merged ? "merged " : "", who, human_items(count, threads, "thread"));
	text_fact(out, "ended", "%s", end);
	free(end);
	if (profile->window.has_until)
		text_fact(out, "read until",
			  "%s, snapshot %" PRIu64 ": what follows is of that time",
			  human_duration(duration, profile_last(profile)->time_ns),
			  profile_last(profile)->index);
}

static void peak(struct out *out, const struct profile *profile, const struct snapshot *last)
{
	char size[ESTIMATE_BYTES], blocks[HUMAN_BYTES], when[HUMAN_BYTES], error[HUMAN_BYTES];
	char more[HUMAN_BYTES + 32] = "";

	if (last->peak_error_bytes)
		snprintf(more, sizeof(more), " (at most %s more)",
			 human_size(error, last->peak_error_bytes));
	text_fact(out, "peak", "%s%s in %s, at %s",
		  estimate_size(size, profile, last->totals.peak_bytes, profile->peak_variance),
		  more, human_items(blocks, last->totals.peak_blocks, "block"),
		  human_duration(when, last->peak_time_ns));
}

static void totals(struct out *out, const struct profile *profile, const struct counters *totals)
{
	char size[HUMAN_BYTES], count[HUMAN_BYTES], live[ESTIMATE_BYTES];
	double share = totals->allocations
			       ? 100.0 * (double)totals->temporary / (double)totals->allocations
			       : 0;

	text_fact(out, profile->window.has_until ? "then" : "at the end", "%s in %s not freed",
		  estimate_size(live, profile, totals->live_bytes, profile->live_variance),
		  human_items(count, totals->live_blocks, "block"));
	text_fact(out, "allocated", "%s in %s, %.0f %% of them temporary",
		  human_size(size, totals->allocated_bytes),
		  human_items(count, totals->allocations, "call"), share);
}

static void over_time(struct out *out, const struct terminal *terminal,
		      const struct profile *profile)
{
	char line[SPARKLINE_BYTES], size[HUMAN_BYTES], duration[HUMAN_BYTES];
	uint64_t most = sparkline(line, profile, terminal->utf8);

	if (!most)
		return;
	human_duration(duration, profile_shown_ns(profile));
	text_fact(out, "over time", "%s  0 to %s, up to %s", line, duration,
		  human_size(size, most));
}

void text_head(struct out *out, const struct terminal *terminal, const struct profile *profile)
{
	const struct snapshot *last = profile_last(profile);
	char *command = text_command(profile);

	out_text(out, terminal_style(terminal, STYLE_BOLD));
	text_printable(out, *profile_program(profile) || !profile_is_merged(profile)
				    ? profile_program(profile)
				    : "several programs");
	out_text(out, terminal_style(terminal, STYLE_PLAIN));
	out_printf(out, "  %s\n", command);
	free(command);
	run(out, profile);
	estimate_fact(out, profile);
	if (profile_is_sampled(profile))
		text_fact(out, "", "+/- is the 95%% interval of a number of bytes");
	if (last) {
		peak(out, profile, last);
		totals(out, profile, &last->totals);
	}
	over_time(out, terminal, profile);
}
