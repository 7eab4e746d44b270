/* SPDX-License-Identifier: MIT */
/* A daemon's habit: close every descriptor there could be, heapmark's among them, and go on. */
#include "target.h"

int main(int argc, char **argv)
{
	for (int i = 0; i < 100; i++)
		MALLOC(10);
	for (int fd = 3; fd < 1024; fd++)
		close(fd);
	for (int i = 0; i < 100; i++)
		MALLOC(20);
	return facts_write(argc, argv);
}
