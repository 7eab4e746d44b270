/* SPDX-License-Identifier: MIT */
/*
 * The life of the process we are a guest in: how recording begins, how the process multiplies, and
 * how it ends.
 */
#ifndef PRELOAD_PROCESS_H
#define PRELOAD_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "heapmark/format.h"

/* Opens the trace, which needs the modules to be known, and starts to record: false, if that could
 * not be. `pending` is called when a hook ends on a thread that has been asked for something
 * meanwhile. */
struct thread;
bool process_begin(bool (*pending)(struct thread *self));

/* False in the child of a vfork(), which runs in our memory but is another process: it must not
 * write to the trace. */
bool process_is_ours(void);

/* Whether this thread is in the middle of a fork, with all that is held meanwhile. */
bool process_is_forking(void);

/* The last snapshot and the end of the trace, which another thread may be about to write: then it
 * is waited for. `status` is the exit status or the signal. Nothing is recorded afterwards. */
void process_end(enum heapmark_end how, int status);

/* Around a call that ends the process unless it fails, such as exec: the trace ends before, and if
 * process_leave() was true and the call returns, it had not. Other threads are recorded meanwhile.
 */
bool process_leave(enum heapmark_end how);
void process_stayed(void);

/* Before the process forbids itself system calls (seccomp): a sandbox may be fatal to whoever tries
 * one, and which is not known. A last snapshot is taken, and nothing is recorded afterwards, nor
 * is any system call made. True if it had been recording; then process_unconfined() takes it back.
 */
bool process_confine(void);
void process_unconfined(void);

#endif
