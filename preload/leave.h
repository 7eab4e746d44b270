/* SPDX-License-Identifier: MIT */
/*
 * Ending the process from a signal handler that interrupted a hook.
 *
 * A handler of the program's may call exit() or _exit() wherever it comes, so also while a hook on
 * the same thread has tables half-changed and locks taken: the end of the trace could not be
 * written. The handler is not coming back, but the hook can: its registers, which the kernel has
 * put on the stack for when the handler returns, are restored at once, and as the hook ends the
 * process does, in the way that the handler wanted and with the signal mask that it had.
 *
 * Where that is not possible (no unwinder, another machine, a fork that is under way) the process
 * ends without an end in its trace.
 */
#ifndef PRELOAD_LEAVE_H
#define PRELOAD_LEAVE_H

#include <stdbool.h>

struct thread;

/* Returns if no hook is to be finished before how(status), or it cannot be. */
void leave_when_free(void (*how)(int status), int status);

/* As a hook ends: does not return if the thread is to leave. */
void leave_if_asked(struct thread *self);

/* Whether some thread's hook is being finished for that. */
bool leave_is_awaited(void);

#endif
