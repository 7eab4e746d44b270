/* SPDX-License-Identifier: MIT */
/*
 * What the cases of the torture suite share: blocks of whom they keep a book, so that whatever
 * becomes of the process, what its trace has to say of them is known.
 *
 * The book is a file that every process of a case maps (TORTURE_BOOK names it); it survives
 * SIGKILL, chroot, closed descriptors and exec. Each process image has a page of its own, forked
 * children too. run_case.py compares each page with the trace of its process: how often hold() and
 * churn() allocated, how many bytes, and what is live at the end.
 *
 * Safe to call from any thread; from signal handlers as far as malloc() is.
 */
#ifndef TESTS_TORTURE_H
#define TESTS_TORTURE_H

#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What this process is to leave. Numbers are run_case.py's too. */
enum trace_due {
	TRACE_WHOLE,    /* a complete trace that equals the book */
	TRACE_NONE,     /* e.g. a child that only executes another program */
	TRACE_CUT,      /* one without an end, which holds no more than the book */
	TRACE_RACING,   /* a whole one, but other threads were allocating when it ended */
	TRACE_MAYBE,    /* a whole one, a cut one, or none */
	TRACE_SNAPSHOT, /* one without an end, which holds what the book held at book_mark() */
	TRACE_LACKING,  /* a complete one, equal to the book unless it speaks of losses; or none */
	TRACE_EMPTY,    /* one of which the command says that there is nothing to report */
};

void expect_trace(enum trace_due due);

/* A block, counted as live until drop(). NULL (and not counted) where malloc() fails. */
void *hold(size_t size);
void drop(void *block, size_t size);

/* `count` blocks of `size` bytes that stay. */
void keep(unsigned count, size_t size);

/* `count` blocks, each freed at once. */
void churn(unsigned count, size_t size);

/* hold() and drop() without the calls to malloc() and free(): for a block that came from, or went
 * into, a function of the allocator's that the case calls itself, in a function of its own called
 * hold or churn. */
void book_held(size_t size);
void book_dropped(size_t size);

/* What is booked until now is in the trace, and later is not. For TRACE_SNAPSHOT. */
void book_mark(void);

/* False where there was no memory to map it. */
int book_is_open(void);

/* A page for this process, where nothing else would begin it (a raw clone system call). */
void book_process(void);

/* To stdout at once; what is printed must be the same in every run. Does not allocate. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints which descriptors below 256 and the program's limit are open, and to what kind of file. */
void say_descriptors(void);

/* Ends the case, and says where: something that has nothing to do with heapmark went wrong, or
 * heapmark broke the program. */
void must(int condition, const char *text, const char *file, int line);
#define MUST(condition) must(!!(condition), #condition, __FILE__, __LINE__)

/* Ends the case as one that is not possible here, where the system does not allow what it needs. */
void can(int condition, const char *text);
#define CAN(condition) can(!!(condition), #condition)

#ifdef __cplusplus
}
#endif

#endif
