/* SPDX-License-Identifier: MIT */
/* No call that succeeds touches errno: what heapmark does besides must not show. */
#include <errno.h>
#include <malloc.h>
#include <sys/mman.h>

#include "target.h"

#define KEEPS(call) \
	do { \
		errno = 4711; \
		(void)(call); \
		if (errno != 4711) { \
			dprintf(2, "%s:%d: errno is %d after %s\n", __FILE__, __LINE__, errno, \
				#call); \
			_exit(1); \
		} \
	} while (0)

int main(int argc, char **argv)
{
	void *a = NULL, *b = NULL;

	for (int i = 0; i < 3; i++) {
		KEEPS(a = MALLOC(10));
		KEEPS(FREE(a));
		KEEPS(a = CALLOC(10, (size_t)10));
		KEEPS(a = REALLOC(a, 1000));
		KEEPS(a = REALLOCARRAY(a, 10, (size_t)5));
		KEEPS(FREE(a));
		KEEPS(MEMALIGN(64, 10));
		KEEPS(ALIGNED_ALLOC(64, 64));
		KEEPS(VALLOC(10));
		KEEPS(PVALLOC(10));
		KEEPS(POSIX_MEMALIGN(&b, 64, 10));
		KEEPS(malloc_usable_size(b));
		KEEPS(free(NULL));
		KEEPS(a = mmap(NULL, 8192, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
		KEEPS(munmap(a, 8192));
	}
	return facts_write(argc, argv);
}
