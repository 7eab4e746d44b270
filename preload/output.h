/* SPDX-License-Identifier: MIT */
/*
 * The trace file: its name, and opening it without ever overwriting another.
 *
 * %p, %e and %h in the name stand for the process, the program and the host. When the name is
 * taken, it is because another process of the same recording has it (or because somebody kept an
 * older trace), so this one becomes STEM.PROGRAM.PID.hmk, then STEM.PROGRAM.PID.2.hmk and so on.
 */
#ifndef PRELOAD_OUTPUT_H
#define PRELOAD_OUTPUT_H

#include <limits.h>

#include "fd.h"

struct output {
	struct held_fd file;
	char path[PATH_MAX]; /* absolute */
};

/* Makes the file. On failure the fd is -1, and what went wrong has been said on stderr. `program`
 * is used for %e. `directory` is where relative names begin. */
void output_open(struct output *output, const char *template, const char *program,
		 const char *directory);

/* Makes sure the descriptor still is our file, and opens the file again if not. */
bool output_reach(struct output *output);

#endif
