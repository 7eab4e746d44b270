/* SPDX-License-Identifier: MIT */
/*
 * Code without unwind tables: assembly that says nothing of its frames, with every kind of value in
 * rbp, and code that is written while the program runs, at one address with frames of different
 * sizes. Nobody can find his way out of all of these; what is asked is that heapmark gets as far as
 * libunwind, and reads no memory that is not there.
 */
#include "walk.h"

#include <sys/mman.h>

int main(int argc, char **argv);

#ifdef __x86_64__
typedef void call(void (*function)(size_t), size_t size, uintptr_t rbp);
call bare_small, bare_large, bare_rbp, bare_frame;

__asm__(".text\n"
	"	.type bare_small, @function\n"
	"bare_small:\n" /* no frame pointer, and rbp untouched */
	"	sub $8, %rsp\n"
	"	mov %rdi, %rax\n"
	"	mov %rsi, %rdi\n"
	"	call *%rax\n"
	"	add $8, %rsp\n"
	"	ret\n"
	"	.size bare_small, . - bare_small\n"
	"	.type bare_large, @function\n"
	"bare_large:\n"
	"	sub $4104, %rsp\n"
	"	mov %rdi, %rax\n"
	"	mov %rsi, %rdi\n"
	"	call *%rax\n"
	"	add $4104, %rsp\n"
	"	ret\n"
	"	.size bare_large, . - bare_large\n"
	"	.type bare_rbp, @function\n"
	"bare_rbp:\n" /* the third argument in rbp */
	"	push %rbp\n"
	"	mov %rdx, %rbp\n"
	"	mov %rdi, %rax\n"
	"	mov %rsi, %rdi\n"
	"	call *%rax\n"
	"	pop %rbp\n"
	"	ret\n"
	"	.size bare_rbp, . - bare_rbp\n"
	"	.type bare_frame, @function\n"
	"bare_frame:\n" /* a proper frame, but nothing says so */
	"	push %rbp\n"
	"	mov %rsp, %rbp\n"
	"	mov %rdi, %rax\n"
	"	mov %rsi, %rdi\n"
	"	call *%rax\n"
	"	pop %rbp\n"
	"	ret\n"
	"	.size bare_frame, . - bare_frame\n");

/* sub $ROOM, %rsp; mov %rdi, %rax; mov %rsi, %rdi; call *%rax; add $ROOM, %rsp; ret */
static FRAME call *write_code(uint8_t *page, uint8_t room)
{
	const uint8_t code[] = {0x48, 0x83, 0xec, room, 0x48, 0x89, 0xf8, 0x48, 0x89,
				0xf7, 0xff, 0xd0, 0x48, 0x83, 0xc4, room, 0xc3};

	memcpy(page, code, sizeof(code));
	__builtin___clear_cache((char *)page, (char *)page + sizeof(code));
	return (call *)(void *)page;
}

static FRAME void written(int i)
{
	static uint8_t *again;
	int rights = PROT_READ | PROT_WRITE | PROT_EXEC;
	uint8_t *page = mmap(again, 4096, rights, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		return; /* where that is not allowed, there is nothing to show */
	trap(page == again);
	write_code(page, (uint8_t)(8 + i % 7 * 16))(keep, 20, 0);
	write_code(page, (uint8_t)(120 - i % 7 * 16))(keep, 20, 0);
	munmap(page, 4096);
	again = page;
}

static FRAME void assembly(int i)
{
	static char heap[64];
	uintptr_t here = (uintptr_t)__builtin_frame_address(0);
	const uintptr_t values[] = {
		0,    1,        0x1234,        UINT64_MAX,       here - 64,
		here, here + 8, (uintptr_t)&i, (uintptr_t)heap,  1ULL << 63,
		8,    4096,     here & ~4095,  here | 0xffffff8, (uintptr_t)main};

	bare_small(keep, 10, 0);
	bare_large(keep, 11, 0);
	bare_frame(keep, 12, 0);
	bare_rbp(keep, 13, values[(size_t)i % (sizeof(values) / sizeof(*values))]);
	keep(14);
}
#endif

int main(int argc, char **argv)
{
#ifdef __x86_64__
	for (int i = 0; i < 100 * rounds(argc, argv); i++) {
		assembly(i);
		written(i);
	}
	path_add(100 * (uint64_t)rounds(argc, argv), "keep<assembly<main");
	path_add(100 * (uint64_t)rounds(argc, argv), "keep<bare_rbp");
	path_add(100 * (uint64_t)rounds(argc, argv), "keep<bare_large");
#endif
	return walk_end(argc, argv);
}
