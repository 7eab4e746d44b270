/* SPDX-License-Identifier: MIT */
/*
 * A program somebody wants to record: where its file is, and which file really runs when it is a
 * script. Finds it the way execvp() does.
 */
#ifndef ANALYZER_TARGET_PROGRAM_H
#define ANALYZER_TARGET_PROGRAM_H

#include <stddef.h>

#include "util/error.h"

#define PROGRAM_STEPS_MAX 8

struct program {
	/* The file asked for, then the interpreter its #! line names, and so on. `env NAME` in such
	 * a line counts as two steps. The last is what ends up running. */
	char *steps[PROGRAM_STEPS_MAX];
	size_t step_count;
};

/* What a shell would make of a program that cannot be started. */
enum program_failure {
	PROGRAM_NOT_EXECUTABLE = 126,
	PROGRAM_NOT_FOUND = 127,
};

#define PROGRAM_INIT \
	{ \
		.step_count = 0 \
	}

/* Returns 0, or an enum program_failure with the reason as a sentence. */
int program_find(struct program *program, const char *name, struct error *err);
void program_release(struct program *program); /* valid on INIT, and after a failure */

/* What ends up running; only after program_find(). */
const char *program_file(const struct program *program);

#endif
