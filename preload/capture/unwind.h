/* SPDX-License-Identifier: MIT */
/*
 * libunwind, behind one function.
 *
 * It is loaded privately: linked in, its backtrace() and _Unwind_*() would take the place of the
 * program's own, and with them its exceptions.
 */
#ifndef PRELOAD_CAPTURE_UNWIND_H
#define PRELOAD_CAPTURE_UNWIND_H

#include <stdint.h>

void unwind_start(void);

/* Fills `frames` with return addresses, innermost first, the caller's own among them. Returns how
 * many; 0 without libunwind. */
uint32_t unwind_stack(void **frames, uint32_t room);

#endif
