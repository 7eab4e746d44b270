/* SPDX-License-Identifier: MIT */
/*
 * family: a parent and four children that all hold what they have at once, with snapshots around
 * that moment, and give some of it back afterwards. What each holds is known to the byte. See
 * test_merge.py.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "heapmark.h"

#define CHILDREN    4
#define PARENT_SIZE 1000
#define CHILD_SIZE  10000

static void *volatile kept[2];

static void child(int number, int ready, int go)
{
	char byte = 0;

	kept[0] = malloc((size_t)number * CHILD_SIZE);
	kept[1] = malloc(CHILD_SIZE / 100);
	heapmark_snapshot("held");
	if (write(ready, &byte, 1) != 1 || read(go, &byte, 1) != 0)
		_exit(1);
	heapmark_snapshot("still held");
	free(kept[1]);
	free(malloc(1)); /* temporary */
	exit(number);
}

int main(void)
{
	int ready[2], go[2];
	char bytes[CHILDREN];

	if (pipe(ready) != 0 || pipe(go) != 0)
		return 1;
	for (int i = 1; i <= CHILDREN; i++) {
		if (fork() == 0) {
			close(go[1]);
			child(i, ready[1], go[0]);
		}
	}
	kept[0] = malloc(PARENT_SIZE);
	for (int i = 0; i < CHILDREN; i++)
		if (read(ready[0], bytes + i, 1) != 1)
			return 1;
	heapmark_snapshot("all hold");
	close(go[1]);
	for (int i = 0; i < CHILDREN; i++)
		wait(NULL);
	free(kept[0]);
	return 0;
}
