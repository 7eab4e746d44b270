/* SPDX-License-Identifier: MIT */
/*
 * The public API. Prints what it is told, which is nothing but zeros without heapmark: the program
 * runs either way, linked with nothing. See test_api.py.
 */
#include <inttypes.h>

#include "heapmark.h"
#include "target.h"

static void tell(const char *what)
{
	uint64_t current, peak;
	int recording = heapmark_traced(&current, &peak);
	char text[200];
	int size = snprintf(text, sizeof(text), "%s %d %" PRIu64 " %" PRIu64 "\n", what, recording,
			    current, peak);

	if (write(1, text, (size_t)size) != size)
		_exit(1);
}

int main(int argc, char **argv)
{
	int first, second, third;
	void *a, *b;

	tell("start");
	a = MALLOC(1000);
	b = MALLOC(2000);
	tell("both");
	FREE(b);
	tell("one");
	heapmark_reset_peak();
	tell("reset");
	b = MALLOC(500);
	FREE(b);
	tell("again");
	heapmark_traced(NULL, NULL);
	first = heapmark_snapshot("first label");
	second = heapmark_snapshot("second");
	third = heapmark_snapshot(NULL);
	facts_print(1, "snapshots %d %d %d\n", first, second - first, third - second);
	facts_print(1, "recording %d\n", heapmark_is_recording());
	FREE(a);
	a = MALLOC(7);
	return facts_write(argc, argv);
}
