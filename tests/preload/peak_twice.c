/* SPDX-License-Identifier: MIT */
/* The peak is reached twice; it belongs to the first time. Rows as of then, and a realloc that
 * moves bytes from one line to another just before. */
#include "target.h"

int main(int argc, char **argv)
{
	void *a = MALLOC(3000);
	void *b = MALLOC(500);

	a = REALLOC(a, 3500); /* 4000 */
	FREE(b);
	b = MALLOC(500); /* 4000 again, by another line */
	FREE(a);
	FREE(b);
	MALLOC(10);
	return facts_write(argc, argv);
}
