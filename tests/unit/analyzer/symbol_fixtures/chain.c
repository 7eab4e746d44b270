/* SPDX-License-Identifier: MIT */
/*
 * For symbol.c: code whose functions and lines are known. The labels at_* are symbols without a
 * size: the tests find addresses by them, and they must never be taken for functions.
 */
#define INLINED     static inline __attribute__((always_inline))
#define LABEL(name) __asm__ volatile(".globl " #name "\n" #name ": nop")
#define NOINLINE    __attribute__((noinline))

INLINED void inner(void)
{
#line 100
	LABEL(at_inner);
}

INLINED void middle(void)
{
#line 200
	inner();
}

INLINED void outer(void)
{
#line 300
	middle();
}

NOINLINE void function(void)
{
#line 400
	outer();
#line 410
	LABEL(at_function);
}

/* One function, three names. */
NOINLINE void plain(void)
{
#line 500
	LABEL(at_plain);
}
extern void __plain(void) __attribute__((alias("plain")));
static void local_plain(void) __attribute__((alias("plain"), used));

/* Code without extent: no size, no debug information. */
__asm__(".text\n.globl at_gap\nat_gap: nop\n.skip 64, 0x90");

int main(void)
{
	function();
	plain();
	return 0;
}
