/* SPDX-License-Identifier: MIT */
/* Every function of the allocator, in every way it is used. */
#include <malloc.h>

#include "target.h"

#define HUGE (SIZE_MAX / 4)

static void *resize(void)
{
	char *block = REALLOC(NULL, 10);

	block = REALLOC(block, 100000); /* moves */
	block = REALLOC(block, 50);     /* shrinks */
	block = REALLOC(block, 50);
	if (REALLOC(block, HUGE))
		return NULL;
	block = REALLOC(block, 60); /* still alive after the failure */
	if (REALLOC(block, 0))
		return NULL;
	return REALLOC(NULL, 77);
}

static void arrays(void)
{
	volatile size_t half = SIZE_MAX / 2;
	char *block = REALLOCARRAY(NULL, 7, (size_t)11);

	block = REALLOCARRAY(block, 1000, (size_t)13);
	if (reallocarray(block, half, 3))
		abort();
	REALLOCARRAY(block, 3, (size_t)5); /* kept */
}

static void aligned(void)
{
	void *block[4] = {NULL};

	MEMALIGN(64, 1000);
	ALIGNED_ALLOC(256, 512);
	VALLOC(33);
	PVALLOC(5000);
	block[0] = MEMALIGN(4096, 3);
	POSIX_MEMALIGN(&block[1], 32, 999);
	POSIX_MEMALIGN(&block[2], 1 << 20, 17);
	POSIX_MEMALIGN(&block[3], 24, 100); /* not a power of two: EINVAL */
	if (block[3])
		abort();
	FREE(block[0]);
	FREE(block[2]);
	REALLOC(block[1], 2000);
}

int main(int argc, char **argv)
{
	char *block = MALLOC(1000);

	memset(block, 1, 1000);
	for (size_t i = 0; i < 100; i++)
		CALLOC(i, 3);
	FREE(block);
	FREE(resize());
	arrays();
	aligned();
	MALLOC(1);
	return facts_write(argc, argv);
}
