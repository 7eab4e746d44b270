/* SPDX-License-Identifier: MIT */
/*
 * Signals: the last snapshot of a program that dies of one, and snapshots on request.
 *
 * A terminating signal that the program leaves at its default gets our handler, which writes the
 * end of the trace and then lets the signal do what it would have done. The program does not see
 * it: sigaction() and its kin tell it the default it set, and a handler of its own replaces ours.
 */
#ifndef PRELOAD_SIGNALS_H
#define PRELOAD_SIGNALS_H

#include <stdbool.h>

struct thread;

/* Also where nothing is recorded: who asks such a process for a snapshot does not mean to end it.
 */
void signals_start(bool records);

/* Gives all signals back but the one that asks for snapshots: nothing is recorded any more. */
void signals_stop(void);

/* What a handler could not do because its thread was inside a hook. Called as the hook ends. */
bool signals_do_pending(struct thread *self);

#endif
