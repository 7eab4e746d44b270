/* SPDX-License-Identifier: MIT */
/* Calls that fail count as nothing, leave their blocks alive, and say why in errno. */
#include <errno.h>
#include <malloc.h>

#include "target.h"

#define MUST(condition) \
	do { \
		if (!(condition)) { \
			dprintf(2, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
			_exit(1); \
		} \
		errno = 0; \
	} while (0)

int main(int argc, char **argv)
{
	volatile size_t huge = SIZE_MAX / 2 + 1;
	void *block = MALLOC(40);
	void *slot = &slot;

	errno = 0;
	MUST(!calloc(huge, 4) && errno == ENOMEM);
	MUST(!malloc(huge) && errno == ENOMEM);
	MUST(!realloc(block, huge) && errno == ENOMEM);
	MUST(!reallocarray(block, huge, 2) && errno == ENOMEM);
	MUST(!reallocarray(NULL, huge, 2) && errno == ENOMEM);
	MUST(!memalign(64, huge) && errno == ENOMEM);
	MUST(!aligned_alloc(64, huge) && errno == ENOMEM);
	MUST(!valloc(huge) && errno == ENOMEM);
	MUST(!pvalloc(huge) && errno == ENOMEM);
	MUST(posix_memalign(&slot, 64, huge) == ENOMEM && slot == &slot);
	MUST(posix_memalign(&slot, 3, 10) == EINVAL && slot == &slot);
	FREE(NULL);
	MUST(errno == 0);
	block = REALLOC(block, 50);
	FREE(block);
	return facts_write(argc, argv);
}
