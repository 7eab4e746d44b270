/* SPDX-License-Identifier: MIT */
/* The timeline and the snapshots, in a line of blocks; see sparkline.h. */
#include "report/sparkline.h"

#include <math.h>
#include <string.h>

#define UNKNOWN UINT64_MAX
#define LEVELS  8

struct columns {
	uint64_t bytes[SPARKLINE_COLUMNS]; /* the most in each part; UNKNOWN: no point is in it */
	uint64_t duration_ns;
};

static void add_point(struct columns *columns, uint64_t time_ns, uint64_t bytes)
{
	double part = (double)time_ns / (double)columns->duration_ns * SPARKLINE_COLUMNS;
	size_t at = part < SPARKLINE_COLUMNS ? (size_t)part : SPARKLINE_COLUMNS - 1;

	if (columns->bytes[at] == UNKNOWN || columns->bytes[at] < bytes)
		columns->bytes[at] = bytes;
}

/* Between two points nothing is known, and what was live before is the best guess. */
static void fill_gaps(struct columns *columns)
{
	uint64_t last = 0;

	for (size_t i = 0; i < SPARKLINE_COLUMNS; i++) {
		if (columns->bytes[i] == UNKNOWN)
			columns->bytes[i] = last;
		last = columns->bytes[i];
	}
}

static uint64_t largest(const struct columns *columns)
{
	uint64_t most = 0;

	for (size_t i = 0; i < SPARKLINE_COLUMNS; i++)
		most = columns->bytes[i] > most ? columns->bytes[i] : most;
	return most;
}

static void read_columns(struct columns *columns, const struct profile *profile)
{
	const struct snapshot *last = profile_last(profile);

	memset(columns->bytes, 0xff, sizeof(columns->bytes));
	for (size_t i = 0; i < profile->timeline_count; i++)
		if (profile->timeline[i].live_bytes >= 0 &&
		    profile->timeline[i].time_ns <= columns->duration_ns)
			add_point(columns, profile->timeline[i].time_ns,
				  (uint64_t)profile->timeline[i].live_bytes);
	for (size_t i = 0; i < profile->snapshot_count; i++)
		add_point(columns, profile->snapshots[i].time_ns,
			  profile->snapshots[i].totals.live_bytes);
	fill_gaps(columns);
	/* Not before the gaps: a peak is a moment, after which there was less. */
	if (last)
		add_point(columns, last->peak_time_ns, last->totals.peak_bytes);
}

static void append(char **at, const char *sign)
{
	size_t bytes = strlen(sign);

	memcpy(*at, sign, bytes + 1);
	*at += bytes;
}

uint64_t sparkline(char text[static SPARKLINE_BYTES], const struct profile *profile, bool is_utf8)
{
	static const char *const blocks[] = {" ",      "\u2581", "\u2582", "\u2583", "\u2584",
					     "\u2585", "\u2586", "\u2587", "\u2588"};
	static const char *const signs[] = {" ", ".", ":", "-", "=", "+", "*", "#", "@"};
	struct columns columns = {.duration_ns = profile_shown_ns(profile)};
	uint64_t most;

	*text = '\0';
	if (!columns.duration_ns || profile->timeline_count + profile->snapshot_count < 2)
		return 0;
	read_columns(&columns, profile);
	most = largest(&columns);
	for (size_t i = 0; most && i < SPARKLINE_COLUMNS; i++) {
		double height = ceil((double)columns.bytes[i] / (double)most * LEVELS);

		append(&text, (is_utf8 ? blocks : signs)[(size_t)height]);
	}
	return most;
}
