/* SPDX-License-Identifier: MIT */
/*
 * x86-64: a call pushes the return address, so that it is at CFA-8 in every frame but those that
 * somebody built by hand. The conditions are those of libunwind's own fast walk, or narrower.
 */
#ifndef PRELOAD_CAPTURE_MACHINE_X86_64_H
#define PRELOAD_CAPTURE_MACHINE_X86_64_H

#include <string.h>

#include "capture/cfi.h"
#include "capture/rule.h"

#define MACHINE_HAS_RULES true

enum machine_column { MACHINE_BP = 6, MACHINE_SP = 7, MACHINE_RA = 16 };

#define MACHINE_WORD    8
#define MACHINE_CFA_MAX (1 << 26)
#define MACHINE_BP_MAX  (1 << 14)

static inline bool machine_cfa_is_usable(const struct cfi_row *row)
{
	return (row->cfa_register == MACHINE_SP || row->cfa_register == MACHINE_BP) &&
	       row->cfa_offset > 0 && row->cfa_offset < MACHINE_CFA_MAX &&
	       row->cfa_offset % MACHINE_WORD == 0;
}

static inline bool machine_is_unchanged(const struct cfi_saved *saved)
{
	/* Callee-saved registers that are "undefined" in code of any age are merely unmentioned. */
	return saved->where == CFI_SAME || saved->where == CFI_UNDEFINED;
}

static inline bool machine_bp_is_usable(const struct cfi_saved *bp)
{
	return machine_is_unchanged(bp) ||
	       (bp->where == CFI_AT_CFA && bp->offset != 0 && bp->offset % MACHINE_WORD == 0 &&
		bp->offset > -MACHINE_BP_MAX && bp->offset < MACHINE_BP_MAX);
}

static inline bool machine_is_near_bp(const struct cfi_saved *saved)
{
	return saved->where == CFI_AT_BP && saved->offset % MACHINE_WORD == 0 &&
	       saved->offset > -MACHINE_BP_MAX && saved->offset < MACHINE_BP_MAX;
}

/* The frame pointer itself points at where it was saved, as a rule. */
static inline struct rule machine_realigned_rule(const struct cfi_row *row)
{
	if (!machine_is_near_bp(&row->cfa) || !machine_is_near_bp(&row->bp))
		return (struct rule){.kind = RULE_NONE};
	return (struct rule){
		.kind = RULE_REALIGNED,
		.cfa_offset = row->cfa.offset,
		.bp_offset = (int16_t)row->bp.offset,
		.from_bp = true,
	};
}

/* What the C library, or the program, has a signal handler return to (no library but glibc says so
 * in its unwind information): mov $SYS_rt_sigreturn, rax; syscall. */
static inline bool machine_is_signal_return(const uint8_t *code, uint64_t size)
{
	static const uint8_t by_rax[] = {0x48, 0xc7, 0xc0, 15, 0, 0, 0, 0x0f, 0x05};
	static const uint8_t by_eax[] = {0xb8, 15, 0, 0, 0, 0x0f, 0x05};

	return (size >= sizeof(by_rax) && memcmp(code, by_rax, sizeof(by_rax)) == 0) ||
	       (size >= sizeof(by_eax) && memcmp(code, by_eax, sizeof(by_eax)) == 0);
}

static inline struct rule machine_rule(const struct cfi_row *row)
{
	struct rule rule = {.kind = RULE_NONE};

	if (row->is_signal_frame || row->cfa.where == CFI_OTHER || row->ra_register != MACHINE_RA)
		return rule;
	if (row->ra.where == CFI_UNDEFINED) {
		rule.kind = RULE_END;
		return rule;
	}
	if (row->ra.where != CFI_AT_CFA || row->ra.offset != -MACHINE_WORD ||
	    !machine_is_unchanged(&row->sp))
		return rule;
	if (row->cfa.where == CFI_AT_BP)
		return machine_realigned_rule(row);
	if (!machine_cfa_is_usable(row) || !machine_bp_is_usable(&row->bp))
		return rule;
	rule.kind = RULE_STEP;
	rule.cfa_offset = (int32_t)row->cfa_offset;
	rule.bp_offset = row->bp.where == CFI_AT_CFA ? (int16_t)row->bp.offset : 0;
	rule.from_bp = row->cfa_register == MACHINE_BP;
	return rule;
}

#endif
