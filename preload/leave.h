/* SPDX-License-Identifier: MIT */
/*
 * Leaving a hook for good, from a signal handler that interrupted it.
 *
 * A handler of the program's may call exit() or _exit() wherever it comes, or jump out, so also
 * while a hook on the same thread has tables half-changed and locks taken: nothing more could be
 * recorded, not even the end. The handler is not coming back, but the hook can: its registers,
 * which the kernel has put on the stack for when the handler returns, are restored at once, and as
 * the hook ends, what the handler wanted is done, with the signal mask that it had.
 *
 * Where that is not possible (no unwinder, another machine, a fork that is under way) the process
 * ends without an end in its trace, or goes on unobserved.
 */
#ifndef PRELOAD_LEAVE_H
#define PRELOAD_LEAVE_H

#include <setjmp.h>
#include <stdbool.h>

struct thread;

/* Both return if no hook is to be finished before, or it cannot be. The second one: or if the jump
 * leads to where the hook will go on. */
void leave_by_end(void (*end)(int status), int status);
void leave_by_jump(void (*jump)(struct __jmp_buf_tag *to, int value), struct __jmp_buf_tag *to,
		   int value);

/* As a hook ends: does not return if the thread is to leave. */
void leave_if_asked(struct thread *self);

/* Whether some thread's hook is being finished for that. */
bool leave_is_awaited(void);

#endif
