/* SPDX-License-Identifier: MIT */
/* Blocks freed by the very next heap call of their thread: 50 of them, and 10 that are not. */
#include "target.h"

int main(int argc, char **argv)
{
	void *block, *other;

	for (int i = 0; i < 50; i++) {
		block = MALLOC(8);
		FREE(block);
	}
	for (int i = 0; i < 10; i++) {
		block = MALLOC(8);
		other = MALLOC(8);
		FREE(block);
		FREE(other);
	}
	facts.temporary = 50;
	facts.claims_temporary = true;
	return facts_write(argc, argv);
}
