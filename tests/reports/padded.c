/* SPDX-License-Identifier: MIT */
/* Two allocating lines, of which each run passes one, and 20 MiB of debug information beside them.
 */
#include <stdlib.h>

void *volatile kept[2];

static __attribute__((noinline)) void first(void)
{
	kept[0] = malloc(1000); /* FIRST */
}

static __attribute__((noinline)) void second(void)
{
	kept[1] = malloc(2000); /* SECOND */
}

/* A unit without code, of one entry with a constant of so many bytes. */
#ifdef PADDED
__asm__(".pushsection .debug_abbrev\n"
	"padding_abbrev:\n"
	"	.uleb128 1, 0x11\n" /* DW_TAG_compile_unit */
	"	.byte 0\n"
	"	.uleb128 0x1c, 0x04\n" /* DW_AT_const_value, DW_FORM_block4 */
	"	.uleb128 0, 0, 0\n"
	".popsection\n"
	".pushsection .debug_info\n"
	"	.long padding_end - padding_start\n"
	"padding_start:\n"
	"	.short 4\n"
	"	.long padding_abbrev\n"
	"	.byte 8\n"
	"	.uleb128 1\n"
	"	.long 20 << 20\n"
	"	.zero 20 << 20\n"
	"padding_end:\n"
	".popsection\n");
#endif

int main(int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		second();
	else
		first();
	return 0;
}
