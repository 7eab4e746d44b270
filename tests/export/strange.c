/* SPDX-License-Identifier: MIT */
/* A function whose name has what formats separate things with. Without debug information, so that
 * the name is the symbol's. */
#include <stdlib.h>

/* Hidden, as names of this kind cannot be called through the linkage table. */
__attribute__((visibility("hidden"))) void *strange(size_t size) __asm__("\"a;b, c #d (1) 'e'\"");
void *strange_caller(size_t size) __asm__("strange");

void *strange(size_t size)
{
	return malloc(size);
}

void *strange_caller(size_t size)
{
	return strange(size);
}
