/* SPDX-License-Identifier: MIT */
/* A statically linked program: nothing can be preloaded into it, and it just runs. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	static const char text[] = "static\n";
	char *block = malloc(sizeof(text));

	if (!block || argc < 2 || strcmp(argv[1], "x") != 0)
		return 1;
	memcpy(block, text, sizeof(text));
	if (write(1, block, sizeof(text) - 1) != sizeof(text) - 1)
		return 1;
	free(block);
	return 23;
}
