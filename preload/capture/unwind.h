/* SPDX-License-Identifier: MIT */
/*
 * The unwinders, behind one function.
 *
 * libunwind does the work. It is loaded privately: linked in, its backtrace() and _Unwind_*() would
 * take the place of the program's own, and with them its exceptions. It can be loaded only when
 * the C library has been initialized; until then, and where it is missing, the compiler's own
 * unwinder serves (several times slower), if the program has that loaded.
 */
#ifndef PRELOAD_CAPTURE_UNWIND_H
#define PRELOAD_CAPTURE_UNWIND_H

#include <stdbool.h>
#include <stdint.h>

/* The first step, as early as may be; the second just before main(), by the only thread and outside
 * any hook: it uses dlopen(). */
void unwind_start(void);
void unwind_load(void);

/* From now on only what does not take the loader's lock: in a forked child, a thread that did not
 * come along may have held it. */
void unwind_avoid_loader(void);

/* Code was unmapped, and other code may come to where it was. */
void unwind_code_gone(void);

/* Whether it is libunwind that does so now. */
bool unwind_is_libunwind(void);

/* Fills `frames` with return addresses, innermost first, the caller's own among them. Returns how
 * many; 0 without any unwinder. */
uint32_t unwind_stack(void **frames, uint32_t room);

/* What the kernel saved when a signal handler interrupted the hook that is on this thread's stack,
 * further out than the caller: a ucontext_t in its place there. NULL if it was not found, or if
 * `stack` is not 0 and no stack pointer of a frame that is still further out. */
void *unwind_interrupted_hook(uint64_t stack);

#endif
