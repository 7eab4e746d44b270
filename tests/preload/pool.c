/* SPDX-License-Identifier: MIT */
/* A pool that parcels out a malloc block: each byte counts once. See test_pool.py. */
#include "heapmark.h"
#include "target.h"

int main(int argc, char **argv)
{
	char *arena = MALLOC(65536); /* the arena */
	char *other = MALLOC(1000);  /* stays malloc */
	char *at = arena;

	for (int i = 0; i < 100; i++, at += 64)
		heapmark_alloc("beads", at, 48); /* the beads */
	for (int i = 0; i < 40; i++)
		heapmark_free("beads", arena + (size_t)i * 64);
	heapmark_realloc("beads", arena + 99 * 64, arena + 99 * 64, 60);
	heapmark_alloc("beads", NULL, 10);
	heapmark_free("beads", NULL);
	char *grown = MALLOC(5000); /* another arena, which a realloc makes malloc's again */

	heapmark_alloc("beads", grown, 100);
	free(realloc(grown, 6000));
	(void)other;
	return facts_write(argc, argv);
}
