/* SPDX-License-Identifier: MIT */
/*
 * x86-64: a call pushes the return address, so that it is at CFA-8 in every frame but those that
 * somebody built by hand. The conditions are those of libunwind's own fast walk, or narrower.
 */
#ifndef PRELOAD_CAPTURE_MACHINE_X86_64_H
#define PRELOAD_CAPTURE_MACHINE_X86_64_H

#include "capture/cfi.h"
#include "capture/rule.h"

#define MACHINE_HAS_RULES true

enum machine_column { MACHINE_BP = 6, MACHINE_SP = 7, MACHINE_RA = 16 };

#define MACHINE_WORD    8
#define MACHINE_CFA_MAX (1 << 28)
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

static inline struct rule machine_rule(const struct cfi_row *row)
{
	struct rule rule = {.kind = RULE_NONE};

	if (row->is_signal_frame || row->cfa_is_expression || row->ra_register != MACHINE_RA)
		return rule;
	if (row->ra.where == CFI_UNDEFINED) {
		rule.kind = RULE_END;
		return rule;
	}
	if (row->ra.where != CFI_AT_CFA || row->ra.offset != -MACHINE_WORD ||
	    !machine_cfa_is_usable(row) || !machine_is_unchanged(&row->sp) ||
	    !machine_bp_is_usable(&row->bp))
		return rule;
	rule.kind = RULE_STEP;
	rule.cfa_offset = (int32_t)row->cfa_offset;
	rule.bp_offset = row->bp.where == CFI_AT_CFA ? (int16_t)row->bp.offset : 0;
	rule.from_bp = row->cfa_register == MACHINE_BP;
	return rule;
}

#endif
