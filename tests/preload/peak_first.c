/* SPDX-License-Identifier: MIT */
/* The very first heap event makes the peak. */
#include "target.h"

int main(int argc, char **argv)
{
	void *block = MALLOC(1000000);

	FREE(block);
	for (int i = 0; i < 100; i++)
		MALLOC(100);
	return facts_write(argc, argv);
}
