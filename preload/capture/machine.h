/* SPDX-License-Identifier: MIT */
/* What is peculiar to the machine we are compiled for: which registers matter to a walk (MACHINE_*,
 * as .eh_frame numbers them), and what makes of a row a rule, machine_rule(). */
#ifndef PRELOAD_CAPTURE_MACHINE_H
#define PRELOAD_CAPTURE_MACHINE_H

#if defined(__x86_64__) && !defined(__ILP32__)
#include "capture/machine_x86_64.h"
#else
#include "capture/machine_other.h"
#endif

#endif
