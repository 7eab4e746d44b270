/* SPDX-License-Identifier: MIT */
/* A program whose own functions are named as the C library's: heapmark does not call them, nor
 * those of another preloaded library. See test_own_calls.py. */
#include <stdlib.h>

#define OURS(name) \
	int name(void); \
	int name(void) \
	{ \
		called = #name; \
		abort(); \
	}

const char *called; /* for a debugger to see */

OURS(close)
OURS(fcntl)
OURS(fcntl64)
OURS(fstat)
OURS(fstat64)
OURS(ftruncate)
OURS(ftruncate64)
OURS(open)
OURS(open64)
OURS(poll)
OURS(pread)
OURS(pread64)
OURS(pwrite)
OURS(pwrite64)
OURS(readlink)
OURS(stat)
OURS(stat64)
OURS(write)

int main(void)
{
	for (int i = 0; i < 100000; i++)
		if (!malloc(100))
			return 1;
	return 3;
}
