/* SPDX-License-Identifier: MIT */
/*
 * How far work has come that takes long: a line on stderr, if that is a terminal, which is written
 * over and taken away at the end. What takes less than a second shows nothing. Not thread-safe.
 *
 *	struct progress progress;
 *
 *	progress_begin(&progress);
 *	for (size_t i = 0; i < count; i++) {
 *		if (progress_is_due(&progress))
 *			progress_show(&progress, "merging trace %zu of %zu", i + 1, count);
 *		...
 *	}
 *	progress_end(&progress);
 */
#ifndef ANALYZER_UTIL_PROGRESS_H
#define ANALYZER_UTIL_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	uint64_t began_ns;
	bool has_line;
};

void progress_begin(struct progress *progress);

/* Whether the work has taken so long that a line, or a new one, should be shown. Cheap. */
bool progress_is_due(const struct progress *progress);

/* Shows a line at once, in place of the last one, cut to the terminal's width. */
void progress_show(struct progress *progress, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Takes the line away, if this work has shown one. */
void progress_end(struct progress *progress);

/* Takes any line away: before something else is written to stderr. */
void progress_clear(void);

/* The same, and no more are shown: before the first of the output, which may go to the same
 * terminal. */
void progress_stop(void);

#endif
