/* SPDX-License-Identifier: MIT */
/*
 * Allocates 1000 bytes every millisecond and lets nothing go, until somebody ends it. Says "ready"
 * after the first second or so. See test_killed.py.
 */
#include <time.h>

#include "target.h"

int main(void)
{
	const struct timespec pause = {0, 1000000};

	for (int i = 0; i < 60000; i++) {
		void *block = malloc(1000); /* the spinning line */

		if (!block)
			return 1;
		if (i == 800 && write(1, "ready\n", 6) != 6)
			return 1;
		nanosleep(&pause, NULL);
	}
	return 0;
}
