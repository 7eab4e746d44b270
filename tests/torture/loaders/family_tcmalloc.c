/* SPDX-License-Identifier: MIT */
/* tcmalloc's own functions, mixed with the standard ones. */
#include <gperftools/tcmalloc.h>

#include "families.h"

void *tc_new(size_t size);
void tc_delete(void *block);
void *tc_newarray(size_t size);
void tc_deletearray(void *block);
void tc_delete_sized(void *block, size_t size);

MAKES(by_malloc, tc_malloc(100), tc_free(block))
MAKES(by_calloc, tc_calloc(2, 100), free(block))
MAKES(by_memalign, tc_memalign(64, 300), tc_cfree(block))
MAKES(by_new, tc_new(400), tc_delete(block))
MAKES(by_array, tc_newarray(500), tc_deletearray(block))
MAKES(by_sized, tc_new(600), tc_delete_sized(block, 600))
MAKES(by_libc, malloc(700), tc_free(block))
MAKES(by_valloc, tc_valloc(800), tc_free(block))

static __attribute__((noinline)) void grows(void)
{
	char *volatile block = tc_realloc(NULL, 100);

	for (size_t size = 200; size <= 1000; size += 100) {
		block = tc_realloc(block, size);
		MUST(block);
		block[size - 1] = 1;
	}
	tc_free(block);
}

int main(void)
{
	by_malloc();
	by_calloc();
	by_memalign();
	by_new();
	by_array();
	by_sized();
	by_libc();
	by_valloc();
	grows();
	keep(5, 55);
	churn(6, 66);
	say("tcmalloc\n");
	return 0;
}
