/* SPDX-License-Identifier: MIT */
/* From a pc to its object, to its FDE, to its row, to the rule; see rule.h. */
#include "capture/rule.h"

#include "capture/cfi.h"
#include "capture/frames.h"
#include "capture/machine.h"

/* Code without an FDE, at `pc`, where those before and after have some. */
static struct rule bare_rule(const struct frames *frames, uint64_t pc)
{
	struct rule rule = {.kind = RULE_NONE};
	uint64_t start = (uint64_t)frames->code.start, end = (uint64_t)frames->code.end;

	if (pc - start >= end - start || machine_is_signal_return((const uint8_t *)pc, end - pc))
		return rule;
	rule.kind = RULE_BARE;
	rule.from_bp = true;
	return rule;
}

struct rule rule_find(uint64_t pc)
{
	static const struct rule none = {.kind = RULE_NONE};
	struct frames frames;
	struct cfi_row row;
	const uint8_t *fde;

	if (!MACHINE_HAS_RULES || !frames_find(pc - 1, &frames))
		return none;
	fde = frames_fde(&frames, pc - 1);
	if (!fde)
		return none;
	if (cfi_find_row(frames.segment, fde, pc - 1, &row))
		return machine_rule(&row);
	return cfi_is_elsewhere(frames.segment, fde, pc - 1) ? bare_rule(&frames, pc) : none;
}
