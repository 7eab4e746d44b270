/* SPDX-License-Identifier: MIT */
/* Anonymous maps are a domain of their own: whole, unmapped in part, grown. See test_maps.py. */
#include <sys/mman.h>

#include "target.h"

#define PAGE 4096

static char *map(size_t pages)
{
	char *at = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			0); /* the line of all maps */

	if (at == MAP_FAILED)
		_exit(1);
	return at;
}

int main(int argc, char **argv)
{
	char *whole = map(10), *part = map(20), *grown = map(30), *kept = map(40);
	char *hole = map(50);

	if (munmap(whole, 10 * PAGE) || munmap(part + 15 * PAGE, 5 * PAGE))
		return 1;
	grown = mremap(grown, 30 * PAGE, 100 * PAGE, MREMAP_MAYMOVE);
	if (grown == MAP_FAILED || munmap(hole + 10 * PAGE, 10 * PAGE))
		return 1;
	kept[0] = grown[0] = 1;
	if (mmap(NULL, SIZE_MAX / 2, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED)
		return 1;
	/* What fails changes nothing. */
	if (munmap(kept + 1, 40 * PAGE) == 0 || munmap(kept, SIZE_MAX / 2) == 0 ||
	    munmap(kept, 0) == 0 || mremap(kept + 1, PAGE, 2 * PAGE, 0) != MAP_FAILED ||
	    mremap(kept, 40 * PAGE, SIZE_MAX / 2, MREMAP_MAYMOVE) != MAP_FAILED)
		return 1;
	/* live now: 15 + 100 + 40 + 40 pages */
	MALLOC(5);
	return facts_write(argc, argv);
}
