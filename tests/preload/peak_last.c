/* SPDX-License-Identifier: MIT */
/* The very last heap event makes the peak. */
#include "target.h"

int main(int argc, char **argv)
{
	void *block = MALLOC(5000);

	MALLOC(100);
	FREE(block);
	MALLOC(1000);
	MALLOC(5000);
	return facts_write(argc, argv);
}
