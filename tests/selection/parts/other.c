/* SPDX-License-Identifier: MIT */
/* A second source, in a folder of its own. */
#include <stdlib.h>

void other_keep(void);

void other_keep(void)
{
	for (int i = 0; i < 5; i++)
		malloc(1000);
}
