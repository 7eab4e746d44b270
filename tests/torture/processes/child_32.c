/* SPDX-License-Identifier: MIT */
/* A 32-bit program without any library, which prints a line and exits with status 24. */
void _start(void);

void _start(void)
{
	__asm__("mov $4, %eax\n\t"
		"mov $1, %ebx\n\t"
		"call 1f\n\t"
		".ascii \"32-bit\\n\"\n\t"
		"1: pop %ecx\n\t"
		"mov $7, %edx\n\t"
		"int $0x80\n\t"
		"mov $1, %eax\n\t"
		"mov $24, %ebx\n\t"
		"int $0x80");
}
