/* SPDX-License-Identifier: MIT */
/*
 * Completion scripts for shells, made from the same tables as parsing and --help. A script is a
 * beginning, a part for each command, and an end; options_parse() writes a command's part when
 * asked for it with the hidden option --completion=SHELL.
 */
#ifndef ANALYZER_UTIL_COMPLETION_H
#define ANALYZER_UTIL_COMPLETION_H

#include "util/options.h"
#include "util/out.h"

/* The names of the shells; ends with NULL. */
extern const char *const completion_shells[];

struct command_name {
	const char *name, *summary;
};

/* `shell` is an index of completion_shells; `commands` ends with a NULL name. */
void completion_begin(struct out *out, int shell, const struct command_name *commands);
void completion_command(struct out *out, int shell, const struct option_row *table,
			const struct usage *usage);
void completion_end(struct out *out, int shell);

#endif
