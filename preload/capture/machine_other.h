/* SPDX-License-Identifier: MIT */
/* A machine nobody has looked at: there are no rules, and libunwind takes every stack. */
#ifndef PRELOAD_CAPTURE_MACHINE_OTHER_H
#define PRELOAD_CAPTURE_MACHINE_OTHER_H

#include "capture/cfi.h"
#include "capture/rule.h"

#define MACHINE_HAS_RULES false
#define MACHINE_WORD      8
#define MACHINE_CFA_MAX   (1 << 26)
#define MACHINE_BP_MAX    (1 << 14)

enum machine_column { MACHINE_BP, MACHINE_SP, MACHINE_RA };

static inline bool machine_is_signal_return(const uint8_t *code, uint64_t size)
{
	(void)code;
	(void)size;
	return true;
}

static inline struct rule machine_rule(const struct cfi_row *row)
{
	(void)row;
	return (struct rule){.kind = RULE_NONE};
}

#endif
