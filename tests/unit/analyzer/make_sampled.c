/* SPDX-License-Identifier: MIT */
/* make-sampled FILE: writes the trace of a sample, for tests of the whole command. */
#include <stdio.h>

#include "trace_writer.h"

int main(int argc, char **argv)
{
	struct trace_writer w;

	if (argc != 2) {
		fputs("usage: make-sampled FILE\n", stderr);
		return 2;
	}
	trace_sampled(&w);
	trace_save(&w, argv[1]);
	trace_release(&w);
	return 0;
}
