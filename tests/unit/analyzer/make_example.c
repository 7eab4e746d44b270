/* SPDX-License-Identifier: MIT */
/* make-example WHICH FILE: writes one of the traces of trace_writer.h, for tests of the whole
 * command.
 */
#include <stdio.h>
#include <string.h>

#include "trace_writer.h"

static const struct {
	const char *name;
	void (*make)(struct trace_writer *w);
} examples[] = {
	{"sampled", trace_sampled},
	{"symbolized", trace_symbolized},
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc == 3 && i < sizeof(examples) / sizeof(*examples); i++) {
		struct trace_writer w;

		if (strcmp(argv[1], examples[i].name) != 0)
			continue;
		examples[i].make(&w);
		trace_save(&w, argv[2]);
		trace_release(&w);
		return 0;
	}
	fputs("usage: make-example sampled|symbolized FILE\n", stderr);
	return 2;
}
