/* SPDX-License-Identifier: MIT */
/* What commands share that show one whole trace, and have no option but --json. */
#ifndef ANALYZER_ONE_TRACE_H
#define ANALYZER_ONE_TRACE_H

#include "model/profile.h"
#include "util/error.h"
#include "util/options.h"
#include "util/out.h"

struct one_trace_command {
	const struct usage *usage;
	const char *json_help;
	void (*write_text)(struct out *out, const struct profile *profile);
	void (*write_json)(struct out *out, const struct profile *profile);
};

/* Parses the command line, reads the trace and writes it to standard output. Returns what a command
 * returns; see cmd.h. */
int one_trace_main(const struct one_trace_command *command, int argc, char **argv,
		   struct error *err);

#endif
