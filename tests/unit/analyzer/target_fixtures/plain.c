/* SPDX-License-Identifier: MIT */
/* For target.c: a program like any other. */
#include <stdlib.h>

int main(void)
{
	free(malloc(1));
	return 0;
}
