/* SPDX-License-Identifier: MIT */
/*
 * Code that the program makes itself, as a compiler at run time does, which calls hold(): without
 * unwind information, with frame pointers or without; with information that is registered; and it
 * goes away, and other code comes where it was.
 */
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include "torture.h"

#ifdef __x86_64__

typedef void *made(size_t size, void *(*function)(size_t));

void __register_frame(void *frame);
void __deregister_frame(void *frame);

/* push %rbp; mov %rsp,%rbp; call *%rsi; pop %rbp; ret */
static const unsigned char with_pointer[] = {0x55, 0x48, 0x89, 0xe5, 0xff, 0xd6, 0x5d, 0xc3};
/* sub $N,%rsp; call *%rsi; add $N,%rsp; ret */
static const unsigned char without[] = {0x48, 0x83, 0xec, 0, 0xff, 0xd6, 0x48, 0x83, 0xc4, 0, 0xc3};

static unsigned char *code;

static void *call(size_t size)
{
	return ((made *)(uintptr_t)code)(size, hold);
}

static void make_plain(unsigned char frame_bytes)
{
	memcpy(code, without, sizeof(without));
	code[3] = code[9] = frame_bytes;
}

/* A CIE and an FDE: the frame is of one size from the fourth byte of the code on. */
static void describe(unsigned char *at, unsigned char frame_bytes)
{
	unsigned char cie[] = {20, 0,    0, 0, 0,    0, 0, 0, 1, 0, 1, 0x78,
			       16, 0x0c, 7, 8, 0x90, 1, 0, 0, 0, 0, 0, 0};
	unsigned char rules[] = {0x44, 0x0e, (unsigned char)(frame_bytes + 8), 0x47, 0x0e, 8, 0, 0};
	uint32_t length = 4 + 16 + sizeof(rules), back = sizeof(cie) + 4;
	uint64_t start = (uint64_t)(uintptr_t)code, size = sizeof(without);

	memcpy(at, cie, sizeof(cie));
	at += sizeof(cie);
	memcpy(at, &length, 4);
	memcpy(at + 4, &back, 4);
	memcpy(at + 8, &start, 8);
	memcpy(at + 16, &size, 8);
	memcpy(at + 24, rules, sizeof(rules));
	memset(at + 24 + sizeof(rules), 0, 4);
}

int main(void)
{
	static unsigned char frame[128] __attribute__((aligned(8)));

	for (int i = 0; i < 50; i++) {
		code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		MUST(code != MAP_FAILED);
		memcpy(code, with_pointer, sizeof(with_pointer));
		drop(call(100), 100);
		make_plain(24);
		drop(call(200), 200);
		MUST(call(201));
		make_plain(56);
		describe(frame, 56);
		__register_frame(frame);
		drop(call(300), 300);
		__deregister_frame(frame);
		MUST(munmap(code, 4096) == 0);
	}
	churn(5, 500);
	say("made\n");
	return 0;
}

#else
int main(void)
{
	say("made\n");
	return 0;
}
#endif
