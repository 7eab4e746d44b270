/* SPDX-License-Identifier: MIT */
/* A library whose destructor calls what the program tells it to. */
#include <stddef.h>

void ends_set(void (*function)(void));

static void (*at_end)(void);

void ends_set(void (*function)(void))
{
	at_end = function;
}

__attribute__((destructor)) static void stop(void)
{
	if (at_end)
		at_end();
}
