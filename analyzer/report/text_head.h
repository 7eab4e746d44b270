/* SPDX-License-Identifier: MIT */
/* What a text report says of a run before its table: shared by report, diff, list and info. */
#ifndef ANALYZER_REPORT_TEXT_HEAD_H
#define ANALYZER_REPORT_TEXT_HEAD_H

#include "model/profile.h"
#include "util/out.h"
#include "util/terminal.h"

/* "sqlite3 -- sqlite3 :memory:", when it was recorded, how it ended, peak, end, allocations. */
void text_head(struct out *out, const struct terminal *terminal, const struct profile *profile);

/* A line "  label      text", as the head's. */
void text_fact(struct out *out, const char *label, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* "exited with status 0", "killed by signal 9 (Killed)", ...; the caller frees it. */
char *text_end(const struct profile *profile);
char *text_end_of(const struct end *end); /* which has been seen */

/* The command line in one line, printable and shortened; the caller frees it. */
char *text_command(const struct profile *profile);

/* "2024-05-01 12:00:00", local time. The buffer must have 32 bytes. */
const char *text_date(char *text, uint64_t unix_ns);

/* Printable: bytes of a trace must not command the terminal. */
void text_printable(struct out *out, const char *text);

#endif
