/* SPDX-License-Identifier: MIT */
/* Blocks that libc allocates for its caller belong to the caller's line. */
#include <malloc.h>

#include "target.h"

int main(int argc, char **argv)
{
	char *text, *line = NULL;
	size_t size = 0;
	FILE *stream;

	facts.inexact_totals = true; /* buffers of streams */
	for (int i = 0; i < 20; i++)
		facts_allocated(__LINE__, strdup("nineteen characters"), 20);
	facts_allocated(__LINE__, strndup("nineteen characters", 8), 9);

	if (asprintf(&text, "%0200d", 7) != 200)
		return 1;
	free(text);
	stream = fopen("/proc/self/status", "r");
	if (!stream || getline(&line, &size, stream) < 0)
		return 1;
	free(line);
	fclose(stream);
	stream = open_memstream(&text, &size);
	if (!stream)
		return 1;
	for (int i = 0; i < 2000; i++)
		fprintf(stream, "%d ", i);
	fclose(stream);
	return facts_write(argc, argv);
}
