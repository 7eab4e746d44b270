/* SPDX-License-Identifier: MIT */
/*
 * Calls that leave no frame, and a call that is the last instruction of its function: the callee
 * does not return, and the return address is that of the function that happens to follow, whose
 * frame is another one. (Built so that they do follow each other without a gap.)
 */
#include "walk.h"

#include <setjmp.h>

#ifdef __clang__
#define MUST_TAIL __attribute__((musttail))
#else
#define MUST_TAIL
#endif

static jmp_buf back;
static uint64_t last, tail;

typedef void *allocate(size_t size);
static allocate *volatile allocator = malloc;

/* The order of the next three matters. */
FRAME void *caller_of_the_end(size_t size);
FRAME void at_the_end(size_t size);
FRAME void follows(size_t size);
FRAME __attribute__((noreturn)) void last_words(size_t size);

FRAME void at_the_end(size_t size)
{
	char room[72];

	TOUCH(room);
	last_words(size);
}

FRAME void follows(size_t size)
{
	keep(size);
	HERE();
}

FRAME __attribute__((noreturn)) void last_words(size_t size)
{
	uintptr_t back_to = (uintptr_t)__builtin_extract_return_addr(__builtin_return_address(0));

	trap((uintptr_t)follows - back_to < 16); /* some compilers leave a gap */
	keep(size);
	last++;
	longjmp(back, 1);
}

FRAME void *caller_of_the_end(size_t size)
{
	char room[200];

	TOUCH(room);
	if (setjmp(back) == 0)
		at_the_end(size);
	TOUCH(room);
	return NULL;
}

/* malloc() returns to whoever called these. */
static FRAME void *tail_1(size_t size)
{
	return allocator(size);
}

static FRAME void *tail_2(size_t size)
{
	MUST_TAIL return tail_1(size + 1);
}

static FRAME void calls_tails(size_t size)
{
	void *volatile block = tail_2(size);

	free(block);
	tail++;
	HERE();
}

int main(int argc, char **argv)
{
	for (int i = 0; i < 500 * rounds(argc, argv); i++) {
		size_t size = (size_t)i % 100;

		caller_of_the_end(size);
		calls_tails(size);
		follows(size);
	}
	path_add(last, "keep<last_words<at_the_end<caller_of_the_end<main");
	path_add(tail, "calls_tails<main");
	path_add(last, "keep<follows<main");
	return walk_end(argc, argv);
}
