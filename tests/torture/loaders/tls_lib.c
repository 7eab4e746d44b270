/* SPDX-License-Identifier: MIT */
/* A library with so many bytes of thread-local variables. */
#include <stdlib.h>

void *tls_make(void);

static _Thread_local char variable[BYTES] = {1};
static _Thread_local void *volatile block;

void *tls_make(void)
{
	for (size_t i = 0; i < sizeof(variable); i += 64)
		variable[i]++;
	if (!block)
		block = malloc(321);
	return variable + variable[0] - 2;
}
