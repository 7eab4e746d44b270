/* SPDX-License-Identifier: MIT */
/* From a pc to its object, to its FDE, to its row, to the rule; see rule.h. */
#include "capture/rule.h"

#include "capture/cfi.h"
#include "capture/frames.h"
#include "capture/machine.h"

struct rule rule_find(uint64_t pc)
{
	static const struct rule none = {.kind = RULE_NONE};
	struct frames frames;
	struct cfi_row row;
	const uint8_t *fde;

	if (!MACHINE_HAS_RULES || !frames_find(pc - 1, &frames))
		return none;
	fde = frames_fde(&frames, pc - 1);
	if (!fde || !cfi_find_row(frames.segment, fde, pc - 1, &row))
		return none;
	return machine_rule(&row);
}
