/* SPDX-License-Identifier: MIT */
/* Closes every descriptor and fills the numbers with its own files: they must stay its own, also
 * where code without unwind tables has libunwind test addresses. */
#include <sys/stat.h>

#include "target.h"

#ifdef __x86_64__
void untold(void (*function)(void), void *rbp);

/* With its second argument in rbp, which might be the next frame. */
__asm__(".text\n"
	"	.type untold, @function\n"
	"untold:\n"
	"	push %rbp\n"
	"	mov %rsi, %rbp\n"
	"	call *%rdi\n"
	"	pop %rbp\n"
	"	ret\n"
	"	.size untold, . - untold\n");
#else
static void untold(void (*function)(void), void *rbp)
{
	(void)rbp;
	function();
}
#endif

static void allocate(void)
{
	MALLOC(30);
}

static char text[256]; /* dprintf() would allocate */
static size_t length;

static void check(int fd, ino_t mine)
{
	struct stat status;

	if ((fstat(fd, &status) < 0 || status.st_ino != mine || status.st_size != 0) && length < 99)
		length += (size_t)snprintf(text + length, 99, "%d is no longer mine\n", fd);
}

int main(int argc, char **argv)
{
	char name[] = "/tmp/heapmark-takes-fds-XXXXXX";
	char frame[3 * 4096] = "";
	struct stat status;
	int mine;

	MALLOC(10);
	for (int fd = 3; fd < 1024; fd++)
		close(fd);
	mine = mkstemp(name);
	unlink(name);
	for (int fd = 3; fd < 1000; fd++)
		if (fd != mine)
			dup2(mine, fd);
	for (int i = 0; i < 1000; i++)
		MALLOC(2000);
	untold(allocate, frame + 4096);
	if (fstat(mine, &status) != 0)
		return 1;
	for (int fd = 3; fd < 1000; fd++)
		check(fd, status.st_ino);
	if (write(1, text, length) < 0)
		return 1;
	return facts_write(argc, argv);
}
