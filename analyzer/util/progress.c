/* SPDX-License-Identifier: MIT */
/* The line of progress; see progress.h. */
#include "util/progress.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "util/terminal.h"
#include "util/utf8.h"

#define FIRST_NS 1000000000
#define NEXT_NS  100000000

#define LONGEST_BYTES 512
#define LEAST_COLUMNS 3

/* One terminal has one such line. */
static struct {
	enum { UNKNOWN, TERMINAL, OTHER } kind;
	bool has_line;
	uint64_t shown_ns;
} state;

static bool is_terminal(void)
{
	if (state.kind == UNKNOWN)
		state.kind = isatty(STDERR_FILENO) && terminal_is_able() ? TERMINAL : OTHER;
	return state.kind == TERMINAL;
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

void progress_begin(struct progress *progress)
{
	*progress = (struct progress){.began_ns = is_terminal() ? now_ns() : 0};
}

bool progress_is_due(const struct progress *progress)
{
	uint64_t now;

	if (!is_terminal())
		return false;
	now = now_ns();
	return now - progress->began_ns >= FIRST_NS && now - state.shown_ns >= NEXT_NS;
}

/* Only what stands in one row can be taken away again; the last column makes some terminals wrap.
 */
static size_t row_columns(void)
{
	int columns = terminal_columns(STDERR_FILENO);

	return columns > LEAST_COLUMNS ? (size_t)columns - 1 : LEAST_COLUMNS;
}

void progress_show(struct progress *progress, const char *format, ...)
{
	char text[LONGEST_BYTES] = "heapmark: ", *shown;
	size_t bytes = strlen(text);
	va_list args;

	if (!is_terminal())
		return;
	state.shown_ns = now_ns();
	state.has_line = progress->has_line = true;
	va_start(args, format);
	vsnprintf(text + bytes, sizeof(text) - bytes, format, args);
	va_end(args);
	shown = utf8_printable(text);
	utf8_cut(shown, row_columns(), false);
	fprintf(stderr, "\r\033[K%s", shown);
	fflush(stderr);
	free(shown);
}

void progress_end(struct progress *progress)
{
	if (progress->has_line)
		progress_clear();
	progress->has_line = false;
}

void progress_clear(void)
{
	if (state.has_line)
		fputs("\r\033[K", stderr);
	state.has_line = false;
}

void progress_stop(void)
{
	progress_clear();
	state.kind = OTHER;
}
