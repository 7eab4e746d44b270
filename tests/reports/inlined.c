/* SPDX-License-Identifier: MIT */
/* Four functions in one: the innermost of them is a wrapper of malloc; see test_call_tree.py. */
#include <stdlib.h>

#define INLINE static inline __attribute__((always_inline))

INLINE void *xmalloc(size_t bytes)
{
	return malloc(bytes);
}

INLINE void *inner(size_t bytes)
{
	return xmalloc(bytes);
}

INLINE void *outer(size_t bytes)
{
	return inner(bytes);
}

int main(void)
{
	void *volatile kept[] = {outer(600), inner(50), xmalloc(4)};

	return !kept[0] || !kept[1] || !kept[2];
}
