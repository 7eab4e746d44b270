/* SPDX-License-Identifier: MIT */
/* jemalloc's own functions, mixed with the standard ones. */
#include <jemalloc/jemalloc.h>

#include "families.h"

MAKES(mallocx_dallocx, mallocx(100, 0), dallocx(block, 0))
MAKES(mallocx_sdallocx, mallocx(200, MALLOCX_ALIGN(128)), sdallocx(block, 200, MALLOCX_ALIGN(128)))
MAKES(mallocx_free, mallocx(300, MALLOCX_ZERO), free(block))
MAKES(malloc_dallocx, malloc(400), dallocx(block, 0))

static __attribute__((noinline)) void grows(void)
{
	char *volatile block = mallocx(100, 0);

	for (size_t size = 200; size <= 1000; size += 100) {
		block = rallocx(block, size, 0);
		MUST(block);
		block[size - 1] = 1;
	}
	dallocx(block, 0);
}

int main(void)
{
	size_t epoch = 1, size = sizeof(epoch);

	mallocx_dallocx();
	mallocx_sdallocx();
	mallocx_free();
	malloc_dallocx();
	grows();
	MUST(mallctl("epoch", &epoch, &size, &epoch, size) == 0);
	MUST(nallocx(100, 0) >= 100 && sallocx(malloc(1), 0) >= 1);
	keep(5, 55);
	churn(6, 66);
	say("jemalloc\n");
	return 0;
}
